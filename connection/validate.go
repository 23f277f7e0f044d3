package connection

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The bounds of a document. Lengths are in characters.
const (
	MaxNameLength  = 63  // of the connection's name: it is part of a client id of at most 100
	MaxLabelLength = 100 // of an Okta app's label
	MaxTextLength  = 255 // of every other name, e-mail address, domain and claim value
	// MaxExpressionLength is of an expression of the groups claim.
	MaxExpressionLength = 4000
	MaxEntries          = 1000 // of a list, and of all rules of a policy together
	MinTimeBudget       = 10 * time.Second
	MaxTimeBudget       = 24 * time.Hour
	// MinPauseTimeout and MaxPauseTimeout bound pause_timeout.
	MinPauseTimeout = time.Second
	MaxPauseTimeout = 720 * time.Hour
)

// Validate checks the document, with its defaults filled in or not, and returns a *Faults with everything that is wrong,
// or nil. It reads nothing but the document, so a workflow may call it.
func (s Spec) Validate() error {
	var c checker
	c.identifier("name", s.Name)
	// What WithDefaults takes from another field is not found faulty a second time.
	if s.Okta.Org != s.Name {
		c.optional("okta.org", s.Okta.Org, c.identifier)
	}
	c.optional("okta.app_label", s.Okta.AppLabel, func(path, label string) { c.text(path, label, MaxLabelLength) })
	c.groupsClaim(s.Okta.GroupsClaim)
	c.assignGroups(s.Okta.AssignGroups)
	if s.Cloudflare.Account != s.Name {
		c.optional("cloudflare.account", s.Cloudflare.Account, c.identifier)
	}
	c.optional("cloudflare.idp_name", s.Cloudflare.IDPName, c.name)
	if s.Policy.Name != defaultPolicyName(s.Name) {
		c.optional("policy.name", s.Policy.Name, c.name)
	}
	c.allow(s)
	c.list("policy.applications", s.Policy.Applications, c.application)
	c.list("policy.auto_redirect_to_identity", s.Policy.AutoRedirect, c.oneOf(s.Policy.Applications))
	if s.OnFailure != "" && s.OnFailure != OnFailureRollback && s.OnFailure != OnFailurePause {
		c.fault("on_failure", "is "+shown(string(s.OnFailure)), "it must be rollback or pause")
	}
	if pause := time.Duration(s.PauseTimeout); pause != 0 && (pause < MinPauseTimeout || pause > MaxPauseTimeout) {
		c.fault("pause_timeout", "is "+pause.String(), "it must be between 1s and 720h")
	}
	if budget := time.Duration(s.TimeBudget); budget != 0 && (budget < MinTimeBudget || budget > MaxTimeBudget) {
		c.fault("time_budget", "is "+budget.String(), "it must be between 10s and 24h")
	}
	if len(c.faults) > 0 {
		return &Faults{Faults: c.faults}
	}
	return nil
}

// checker gathers faults.
type checker struct{ faults []Fault }

func (c *checker) fault(path, found, accepted string) {
	c.faults = append(c.faults, Fault{Path: path, Found: found, Accepted: accepted})
}

// optional checks a field that may be left out.
func (c *checker) optional(path, value string, check func(path, value string)) {
	if value != "" {
		check(path, value)
	}
}

// list checks every entry of a list, its length, and that nothing is in it twice. Access and Okta compare what these
// lists hold without regard to upper and lower case, but for the names of groups.
func (c *checker) list(path string, entries []string, check func(path, value string)) {
	c.entries(path, entries, check, strings.ToLower)
}

func (c *checker) entries(path string, entries []string, check func(path, value string), same func(string) string) {
	if len(entries) > MaxEntries {
		c.fault(path, fmt.Sprintf("has %d entries", len(entries)), fmt.Sprintf("at most %d are accepted", MaxEntries))
		return
	}
	first := make(map[string]int, len(entries))
	for i, entry := range entries {
		at := fmt.Sprintf("%s[%d]", path, i)
		if before, twice := first[same(entry)]; twice {
			c.fault(at, fmt.Sprintf("is %s, as is %s[%d]", shown(entry), path, before), "leave one of them out")
			continue
		}
		first[same(entry)] = i
		check(at, entry)
	}
}

// oneOf checks that an entry is in policy.applications too, as it stands there.
func (c *checker) oneOf(applications []string) func(path, value string) {
	return func(path, value string) {
		if !slices.ContainsFunc(applications, func(application string) bool { return strings.EqualFold(application, value) }) {
			c.fault(path, "is "+shown(value)+", which is not in policy.applications", "write it there too, as it is written here")
		}
	}
}

// groups checks a list of groups, whose names are compared exactly.
func (c *checker) groups(path string, groups []string) {
	c.entries(path, groups, c.group, func(group string) string { return group })
}

func (c *checker) assignGroups(groups []string) {
	if len(groups) == 0 {
		c.fault("okta.assign_groups", "is missing", "it must list at least one Okta group: nobody else may use the app")
		return
	}
	c.groups("okta.assign_groups", groups)
}

// allow checks who the policy lets in, by themselves and against the Okta side.
func (c *checker) allow(s Spec) {
	allow := s.Policy.Allow
	if !slices.Equal(allow.Groups, s.Okta.AssignGroups) {
		c.groups("policy.allow.groups", allow.Groups)
	}
	c.list("policy.allow.emails", allow.Emails, c.email)
	c.list("policy.allow.email_domains", allow.EmailDomains, c.domain)
	if rules := len(allow.Groups) + len(allow.Emails) + len(allow.EmailDomains); rules > MaxEntries && len(allow.Groups) <= MaxEntries {
		c.fault("policy.allow", fmt.Sprintf("has %d entries in its lists", rules), fmt.Sprintf("at most %d are accepted", MaxEntries))
	}
	assigned := make(map[string]bool, len(s.Okta.AssignGroups))
	for _, group := range s.Okta.AssignGroups {
		assigned[group] = true
	}
	for i, group := range allow.Groups {
		if len(s.Okta.AssignGroups) > 0 && !assigned[group] {
			c.fault(fmt.Sprintf("policy.allow.groups[%d]", i), "is "+shown(group)+", which is not assigned to the app: its members could never sign in",
				"add it to okta.assign_groups, or take it out here")
		}
	}
	c.claimed(s.WithDefaults().Policy.Allow.Groups, s.Okta.GroupsClaim)
}
