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

// follow checks the Link headers of an answer and writes them as Okta's SDK can read them. The SDK takes the host out of a link
// and adds the rest to its own URL, so that ".evil.example/" would send the token elsewhere; panics on a link that is no URL; and
// takes two links in one header for one. The result says what is wrong, or nothing.
func follow(request *http.Request, header http.Header) string {
	var next []string
	for _, line := range header.Values("Link") {
		for strings.TrimSpace(line) != "" {
			link := linkForm.FindStringSubmatch(line)
			if link == nil {
				return "the answer's Link header can't be followed"
			}
			line = line[len(link[0]):]
			if !nextForm.MatchString(link[2]) {
				continue
			}
			target, err := url.Parse(link[1])
			if err != nil || strings.Contains(link[1], ";") {
				return "the answer's Link header can't be followed"
			}
			if !within(request.URL, target) {
				return "the answer's Link header leads to another server"
			}
			next = append(next, "<"+link[1]+`>; rel="next"`)
		}
	}
	header.Del("Link")
	for _, link := range next {
		header.Add("Link", link)
	}
	return ""
}

// within reports whether a target is on the server that was asked.
func within(asked, target *url.URL) bool {
	if target.Opaque != "" || target.User != nil || !strings.HasPrefix(target.Path, "/") {
		return false
	}
	return (target.Scheme == "" && target.Host == "") || (target.Scheme == asked.Scheme && target.Host == asked.Host)
}
