package connection_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
)

// valid is a document without a fault, for tests to put one in.
func valid() connection.Spec {
	return connection.Spec{
		Name: "acme",
		Okta: connection.OktaSpec{AssignGroups: []string{"Engineering", "Support"}},
	}
}

// long is a text of n characters.
func long(n int) string { return strings.Repeat("ö", n) }

// many are n different entries.
func many(n int, form string) []string {
	entries := make([]string, n)
	for i := range entries {
		entries[i] = fmt.Sprintf(form, i)
	}
	return entries
}

func TestValidate_FindsEachFault(t *testing.T) {
	t.Parallel()
	const identifier = "it must be lower-case letters, digits and hyphens, with a letter or digit at both ends"
	for name, test := range map[string]struct {
		change func(*connection.Spec)
		want   string
	}{
		"no name":           {func(s *connection.Spec) { s.Name = "" }, "name is missing; it must be lower-case letters, digits and hyphens, such as acme"},
		"upper case":        {func(s *connection.Spec) { s.Name = "Acme" }, `name is "Acme"; ` + identifier},
		"hyphen at the end": {func(s *connection.Spec) { s.Name = "acme-" }, `name is "acme-"; ` + identifier},
		"underscore":        {func(s *connection.Spec) { s.Name = "ac_me" }, `name is "ac_me"; ` + identifier},
		"slash":             {func(s *connection.Spec) { s.Name = "acme/plan" }, `name is "acme/plan"; ` + identifier},
		"line end":          {func(s *connection.Spec) { s.Name = "acme\n" }, `name is "acme\n"; ` + identifier},
		"long name":         {func(s *connection.Spec) { s.Name = strings.Repeat("a", 64) }, "name has 64 characters; at most 63 are accepted"},
		"org":               {func(s *connection.Spec) { s.Okta.Org = "Acme" }, `okta.org is "Acme"; ` + identifier},
		"account":           {func(s *connection.Spec) { s.Cloudflare.Account = "a.b" }, `cloudflare.account is "a.b"; ` + identifier},
		"long label":        {func(s *connection.Spec) { s.Okta.AppLabel = long(101) }, "okta.app_label has 101 characters; at most 100 are accepted"},
		"label with a line end": {
			func(s *connection.Spec) { s.Okta.AppLabel = "a\nb" },
			`okta.app_label is "a\nb", with the invisible character U+000A; take that character out`,
		},
		"label that runs backwards": {
			func(s *connection.Spec) { s.Okta.AppLabel = "a\u202eb" },
			`okta.app_label is "a\u202eb", with the invisible character U+202E; take that character out`,
		},
		"no groups": {
			func(s *connection.Spec) { s.Okta.AssignGroups = nil },
			"okta.assign_groups is missing; it must list at least one Okta group: nobody else may use the app",
		},
		"empty group": {
			func(s *connection.Spec) { s.Okta.AssignGroups = []string{"x", ""} },
			"okta.assign_groups[1] is empty; write something, or take it out",
		},
		"group twice": {
			func(s *connection.Spec) { s.Okta.AssignGroups = []string{"x", "y", "x"} },
			`okta.assign_groups[2] is "x", as is okta.assign_groups[0]; leave one of them out`,
		},
		"group of white space": {
			func(s *connection.Spec) { s.Okta.AssignGroups = []string{" \u00a0"} },
			`okta.assign_groups[0] is " \u00a0", which is white space alone; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`,
		},
		"group with nothing to see": {
			func(s *connection.Spec) { s.Okta.AssignGroups = []string{"\u3164"} },
			"okta.assign_groups[0] is \"\u3164\", with the invisible character U+3164; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9",
		},
		"group with a long name": {
			func(s *connection.Spec) { s.Okta.AssignGroups = []string{strings.Repeat("é", 256)} },
			"okta.assign_groups[0] has 256 characters; at most 255 are accepted",
		},
		"claim of two kinds": {
			func(s *connection.Spec) { s.Okta.GroupsClaim.Assigned = true; s.Okta.GroupsClaim.Expression = "x" },
			"okta.groups_claim has more than one kind of claim; it must be a filter with its value, an expression, or assigned: true",
		},
		"filter and expression": {
			func(s *connection.Spec) {
				s.Okta.GroupsClaim = connection.GroupsClaim{Filter: "REGEX", Value: ".*", Expression: "x"}
			},
			"okta.groups_claim has more than one kind of claim; it must be a filter with its value, an expression, or assigned: true",
		},
		"expression with white space": {
			func(s *connection.Spec) { s.Okta.GroupsClaim = connection.GroupsClaim{Expression: "x "} },
			`okta.groups_claim.expression is "x ", with white space at an end; take the white space out`,
		},
		"group that is not UTF-8": {
			func(s *connection.Spec) { s.Okta.AssignGroups = []string{"a\xff"} },
			`okta.assign_groups[0] is "a\xff", which is not UTF-8; write it in UTF-8`,
		},
		"too many groups": {
			func(s *connection.Spec) { s.Okta.AssignGroups = many(1001, "group %d") },
			"okta.assign_groups has 1001 entries; at most 1000 are accepted",
		},
		"filter": {
			func(s *connection.Spec) { s.Okta.GroupsClaim = connection.GroupsClaim{Filter: "REGEXP", Value: "x"} },
			`okta.groups_claim.filter is "REGEXP"; it must be REGEX, STARTS_WITH, EQUALS or CONTAINS`,
		},
		"value alone": {
			func(s *connection.Spec) { s.Okta.GroupsClaim.Value = "x" },
			"okta.groups_claim.filter is missing; it must be REGEX, STARTS_WITH, EQUALS or CONTAINS where there is a value",
		},
		"filter alone": {
			func(s *connection.Spec) { s.Okta.GroupsClaim.Filter = connection.FilterEquals },
			"okta.groups_claim.value is missing; it must be what the filter compares the names of groups with",
		},
		"broken expression": {
			func(s *connection.Spec) {
				s.Okta.GroupsClaim = connection.GroupsClaim{Filter: connection.FilterRegex, Value: "(a"}
			},
			`okta.groups_claim.value is "(a", which is no regular expression: missing closing ); correct it, such as .* or Eng.*`,
		},
		"allowed group that the claim keeps out": {
			func(s *connection.Spec) {
				s.Okta.GroupsClaim = connection.GroupsClaim{Filter: connection.FilterStartsWith, Value: "Eng"}
				s.Policy.Allow.Groups = []string{"Engineering", "Support"}
			},
			`policy.allow.groups[1] is "Support", which okta.groups_claim (STARTS_WITH "Eng") keeps out of the ID token: the policy would never let its members in; widen the claim, or list the groups to allow without it`,
		},
		"login method's name": {func(s *connection.Spec) { s.Cloudflare.IDPName = long(256) }, "cloudflare.idp_name has 256 characters; at most 255 are accepted"},
		"policy's name":       {func(s *connection.Spec) { s.Policy.Name = "a\tb" }, `policy.name is "a\tb", with the invisible character U+0009; take that character out`},
		"allowed group that is not assigned": {
			func(s *connection.Spec) { s.Policy.Allow.Groups = []string{"Engineering", "Sales"} },
			`policy.allow.groups[1] is "Sales", which is not assigned to the app: its members could never sign in; add it to okta.assign_groups, or take it out here`,
		},
		"e-mail without domain": {func(s *connection.Spec) { s.Policy.Allow.Emails = []string{"ceo"} }, `policy.allow.emails[0] is "ceo"; it must be an e-mail address, such as ceo@acme.example`},
		"e-mail with a name": {
			func(s *connection.Spec) { s.Policy.Allow.Emails = []string{"Boss <ceo@acme.example>"} },
			`policy.allow.emails[0] is "Boss <ceo@acme.example>"; it must be an e-mail address, such as ceo@acme.example`,
		},
		"e-mail with a number for domain": {
			func(s *connection.Spec) { s.Policy.Allow.Emails = []string{"ceo@[127.0.0.1]"} },
			`policy.allow.emails[0] is "ceo@[127.0.0.1]"; it must be an e-mail address, such as ceo@acme.example`,
		},
		"e-mail twice": {
			func(s *connection.Spec) { s.Policy.Allow.Emails = []string{"ceo@acme.example", "CEO@acme.example"} },
			`policy.allow.emails[1] is "CEO@acme.example", as is policy.allow.emails[0]; leave one of them out`,
		},
		"e-mail domain": {
			func(s *connection.Spec) { s.Policy.Allow.EmailDomains = []string{"@acme.example"} },
			`policy.allow.email_domains[0] is "@acme.example"; it must be a domain, such as acme.example (in its xn-- form, where it has other letters than a to z)`,
		},
		"too many rules": {
			func(s *connection.Spec) {
				s.Policy.Allow.Emails, s.Policy.Allow.EmailDomains = many(600, "a%d@acme.example"), many(600, "a%d.example")
			},
			"policy.allow has 1200 entries in its lists; at most 1000 are accepted",
		},
		"application's URL": {
			func(s *connection.Spec) { s.Policy.Applications = []string{"https://wiki.acme.example"} },
			`policy.applications[0] is "https://wiki.acme.example"; it must be the domain of an Access application, such as wiki.acme.example, or its id`,
		},
		"application twice": {
			func(s *connection.Spec) { s.Policy.Applications = []string{"wiki.acme.example", "Wiki.acme.example"} },
			`policy.applications[1] is "Wiki.acme.example", as is policy.applications[0]; leave one of them out`,
		},
		"redirect without the application": {
			func(s *connection.Spec) {
				s.Policy.Applications, s.Policy.AutoRedirect = []string{"wiki.acme.example"}, []string{"Wiki.acme.example", "dash.acme.example"}
			},
			`policy.auto_redirect_to_identity[1] is "dash.acme.example", which is not in policy.applications; write it there too, as it is written here`,
		},
		"redirect twice": {
			func(s *connection.Spec) {
				s.Policy.Applications, s.Policy.AutoRedirect = []string{"wiki.acme.example"}, []string{"wiki.acme.example", "Wiki.acme.example"}
			},
			`policy.auto_redirect_to_identity[1] is "Wiki.acme.example", as is policy.auto_redirect_to_identity[0]; leave one of them out`,
		},
		"on_failure":       {func(s *connection.Spec) { s.OnFailure = "ignore" }, `on_failure is "ignore"; it must be rollback or pause`},
		"budget too short": {func(s *connection.Spec) { s.TimeBudget = connection.Duration(9 * time.Second) }, "time_budget is 9s; it must be between 10s and 24h"},
		"budget too long":  {func(s *connection.Spec) { s.TimeBudget = connection.Duration(25 * time.Hour) }, "time_budget is 25h0m0s; it must be between 10s and 24h"},
		"negative budget":  {func(s *connection.Spec) { s.TimeBudget = -1 }, "time_budget is -1ns; it must be between 10s and 24h"},
		"pause too long":   {func(s *connection.Spec) { s.PauseTimeout = connection.Duration(721 * time.Hour) }, "pause_timeout is 721h0m0s; it must be between 1s and 720h"},
		"long value, cut":  {func(s *connection.Spec) { s.OnFailure = connection.OnFailure(long(100)) }, `on_failure is "` + long(60) + `…"; it must be rollback or pause`},
		"several": {
			func(s *connection.Spec) { s.Name, s.OnFailure, s.Okta.AssignGroups = "A", "B", nil },
			`name is "A"; ` + identifier + "\nokta.assign_groups is missing; it must list at least one Okta group: nobody else may use the app\n" + `on_failure is "B"; it must be rollback or pause`,
		},
	} {
		for form, fill := range map[string]func(connection.Spec) connection.Spec{
			"as written":    func(s connection.Spec) connection.Spec { return s },
			"with defaults": connection.Spec.WithDefaults,
		} {
			t.Run(name+" "+form, func(t *testing.T) {
				t.Parallel()
				spec := valid()
				test.change(&spec)
				err := fill(spec).Validate()
				var faults *connection.Faults
				if !errors.As(err, &faults) {
					t.Fatalf("Validate() = %v, want *Faults", err)
				}
				if diff := cmp.Diff(test.want, err.Error()); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestValidate_AcceptsWhatProvidersAccept(t *testing.T) {
	t.Parallel()
	claim := func(filter connection.ClaimFilter, value string) func(*connection.Spec) {
		return func(s *connection.Spec) { s.Okta.GroupsClaim = connection.GroupsClaim{Filter: filter, Value: value} }
	}
	for name, change := range map[string]func(*connection.Spec){
		"the least":    func(*connection.Spec) {},
		"one letter":   func(s *connection.Spec) { s.Name = "a" },
		"longest name": func(s *connection.Spec) { s.Name = strings.Repeat("a", 63) },
		"groups in other letters": func(s *connection.Spec) {
			s.Okta.AssignGroups = []string{"Vertrieb (Süd) – 東京", "R&D / 'Ops' ⚙️"}
		},
		"groups with emoji of several characters, and white space at their ends": func(s *connection.Spec) {
			s.Okta.AssignGroups = []string{"👩\u200d💻 Developers", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", " Support ", "می\u200cخواهم"}
		},
		"group by id": func(s *connection.Spec) {
			s.Okta.AssignGroups = []string{"id:00g1a2b3c4d5e6f7g8h9"}
			claim(connection.FilterStartsWith, "Eng")(s) // what it is called isn't known yet
		},
		"claim of assigned groups": func(s *connection.Spec) { s.Okta.GroupsClaim = connection.GroupsClaim{Assigned: true} },
		"claim by expression": func(s *connection.Spec) {
			s.Okta.GroupsClaim = connection.GroupsClaim{Expression: `Groups.startsWith("active_directory", "", 100)`}
		},
		"groups that differ in case": func(s *connection.Spec) {
			s.Okta.AssignGroups = []string{"Support", "support"}
		},
		"look-around, which Okta knows": claim(connection.FilterRegex, "^(?!Admin).*$"),
		"possessive repeat":             claim(connection.FilterRegex, "Eng.*+|.*"),
		"equals": func(s *connection.Spec) {
			claim(connection.FilterEquals, "support")(s)
			s.Policy.Allow.Groups = []string{"Support"}
		},
		"contains": func(s *connection.Spec) {
			claim(connection.FilterContains, "GINE")(s)
			s.Policy.Allow.Groups = []string{"Engineering"}
		},
		"nobody by group": func(s *connection.Spec) { s.Policy.Allow.Emails = []string{"first.last+tag@mail.acme.example"} },
		"domain in capitals": func(s *connection.Spec) {
			s.Policy.Allow.EmailDomains = []string{"ACME.example", "xn--bcher-kva.example"}
		},
		"applications": func(s *connection.Spec) {
			s.Policy.Applications = []string{"wiki.acme.example", "*.acme.example", "wiki.acme.example/admin/*", "dev*.acme.example", "f174e90a-fafe-4643-bbbc-4a0ed4fc8415"}
		},
		"bounds of time": func(s *connection.Spec) {
			s.TimeBudget, s.PauseTimeout = connection.Duration(10*time.Second), connection.Duration(720*time.Hour)
		},
		"as many as may be": func(s *connection.Spec) {
			s.Okta.AssignGroups, s.Policy.Applications = many(1000, "group %d"), many(1000, "a%d.acme.example")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := valid()
			change(&spec)
			if err := spec.Validate(); err != nil {
				t.Error(err)
			}
			if err := spec.WithDefaults().Validate(); err != nil {
				t.Errorf("with defaults: %v", err)
			}
		})
	}
}
