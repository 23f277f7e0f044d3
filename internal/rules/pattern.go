package rules

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/internal/planner"
)

var (
	namePattern     = regexp.MustCompile(`^[a-z0-9*-]{1,63}$`)
	hostnamePattern = regexp.MustCompile(`^[A-Za-z0-9.*-]{1,255}$`)
)

// IsNamePattern reports whether a text is a pattern of names.
func IsNamePattern(text string) bool { return namePattern.MatchString(text) }

// IsHostnamePattern reports whether a text is a pattern of hostnames.
func IsHostnamePattern(text string) bool { return hostnamePattern.MatchString(text) }

// Matches reports whether a pattern fits a name or a hostname as a whole. Upper and lower case are alike, as in hostnames; names have no
// upper case. A * in a hostname of Access fits a * of the pattern alone.
func Matches(pattern, name string) bool {
	fits, err := path.Match(strings.ToLower(pattern), strings.ToLower(name))
	return fits && err == nil
}

func anyMatches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return Matches(pattern, name) })
}

// hostnames are all that an application is reached by, without scheme, port and path. One that has none is reached by something else.
func hostnames(application planner.ListedApplication) []string {
	addresses := application.Hostnames
	if application.Domain != "" || len(addresses) == 0 {
		addresses = append(slices.Clone(addresses), application.Domain)
	}
	hosts := make([]string, len(addresses))
	for i, address := range addresses {
		if _, rest, found := strings.Cut(address, "://"); found {
			address = rest
		}
		address, _, _ = strings.Cut(address, "/")
		hosts[i], _, _ = strings.Cut(address, ":")
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}
