package transport

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// linkForm is a target of a Link header with its parameters.
var linkForm = regexp.MustCompile(`^\s*<([^<>]*)>\s*((?:;[^<>,]*)?)\s*(?:,|$)`)

var nextForm = regexp.MustCompile(`(?i)\brel\s*=\s*"?next\b`)

// unfollowable is of a Link header that no one can follow.
const unfollowable = "the answer's Link header can't be followed"

// follow writes the Link headers of an answer as Okta's SDK can read them. The SDK takes the host out of a link and adds the rest to its
// own URL, so that ".evil.example/" would send the token elsewhere (see away); panics on a link that is no URL; and takes two links in one
// header for one. The result says what is wrong, or nothing.
func follow(header http.Header) string {
	targets, whole := nextLinks(header)
	if !whole {
		return unfollowable
	}
	header.Del("Link")
	for _, target := range targets {
		if _, err := url.Parse(target); err != nil || strings.Contains(target, ";") {
			return unfollowable
		}
		header.Add("Link", "<"+target+`>; rel="next"`)
	}
	return ""
}

// nextLinks are where the Link headers of an answer lead on to, up to what can't be read of them.
func nextLinks(header http.Header) (targets []string, whole bool) {
	for _, line := range header.Values("Link") {
		for strings.TrimSpace(line) != "" {
			link := linkForm.FindStringSubmatch(line)
			if link == nil {
				return targets, false
			}
			line = line[len(link[0]):]
			if nextForm.MatchString(link[2]) {
				targets = append(targets, link[1])
			}
		}
	}
	return targets, true
}

// within reports whether a target is on the server that was asked.
func within(asked, target *url.URL) bool {
	if target.Opaque != "" || target.User != nil || !strings.HasPrefix(target.Path, "/") {
		return false
	}
	return (target.Scheme == "" && target.Host == "") || (target.Scheme == asked.Scheme && target.Host == asked.Host)
}
