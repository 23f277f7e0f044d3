package connection

import "time"

const (
	// DefaultTimeBudget is how long a step may take, its retries included.
	DefaultTimeBudget = 15 * time.Minute
	// DefaultPauseTimeout is how long a paused run waits for a person.
	DefaultPauseTimeout = 24 * time.Hour
)

// WithDefaults returns the document with every field filled in that has a default and was left out.
func (s Spec) WithDefaults() Spec {
	fill(&s.Okta.Org, s.Name)
	fill(&s.Okta.AppLabel, "Cloudflare Access")
	if s.Okta.GroupsClaim == (GroupsClaim{}) {
		s.Okta.GroupsClaim = GroupsClaim{Filter: FilterRegex, Value: ".*"}
	}
	fill(&s.Cloudflare.Account, s.Name)
	fill(&s.Cloudflare.IDPName, "Okta")
	if s.Cloudflare.PKCE == nil {
		s.Cloudflare.PKCE = new(true)
	}
	fill(&s.Policy.Name, defaultPolicyName(s.Name))
	if allow := s.Policy.Allow; len(allow.Groups)+len(allow.Emails)+len(allow.EmailDomains) == 0 {
		s.Policy.Allow.Groups = s.Okta.AssignGroups
	}
	fill(&s.OnFailure, OnFailureRollback)
	fill(&s.PauseTimeout, Duration(DefaultPauseTimeout))
	fill(&s.TimeBudget, Duration(DefaultTimeBudget))
	return s
}

// defaultPolicyName is the name of the Access policy of a connection whose document doesn't give one.
func defaultPolicyName(connection string) string { return "Okta users of " + connection }

// fill sets a field that was left out.
func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
