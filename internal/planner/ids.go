package planner

import (
	"regexp"
	"slices"
)

// The forms of ids. An id goes into a path as it is, so nothing else may.
var (
	oktaID       = regexp.MustCompile(`^[0-9A-Za-z]{4,64}$`)
	cloudflareID = regexp.MustCompile(`^[0-9A-Za-z-]{8,64}$`)
)

// IsOktaID reports whether a text has the form of an id of Okta's.
func IsOktaID(text string) bool { return oktaID.MatchString(text) }

// IsCloudflareID reports whether a text has the form of an id of Cloudflare's.
func IsCloudflareID(text string) bool { return cloudflareID.MatchString(text) }

// Sound reports whether every id that is remembered has the form of one. Anybody who manages the app can write into its profile.
func (m *Memory) Sound() bool {
	malformed := func(is func(string) bool) func(string) bool { return func(id string) bool { return !is(id) } }
	return m == nil || (m.IdentityProvider == "" || IsCloudflareID(m.IdentityProvider)) &&
		(m.Secret.ID == "" || IsOktaID(m.Secret.ID)) &&
		!slices.ContainsFunc(m.Offered, func(offered Offering) bool { return !IsCloudflareID(offered.Application) }) &&
		!slices.ContainsFunc(m.Policies, malformed(IsCloudflareID)) && !slices.ContainsFunc(m.Groups, malformed(IsOktaID))
}
