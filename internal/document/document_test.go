package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/document"
)

const least = "name: acme\nokta: {assign_groups: [Engineering, Support]}\n"

func TestParse_TheLeastDocumentGetsEveryDefault(t *testing.T) {
	t.Parallel()
	got, err := document.Parse([]byte(least), "acme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := connection.Spec{
		Name: "acme",
		Okta: connection.OktaSpec{
			Org: "acme", AppLabel: "Cloudflare Access", AssignGroups: []string{"Engineering", "Support"},
			GroupsClaim: connection.GroupsClaim{Filter: connection.FilterRegex, Value: ".*"},
		},
		Cloudflare: connection.CloudflareSpec{Account: "acme", IDPName: "Okta", PKCE: new(true)},
		Policy: connection.PolicySpec{
			Name: "Okta users of acme", Allow: connection.Allow{Groups: []string{"Engineering", "Support"}},
		},
		OnFailure:    connection.OnFailureRollback,
		PauseTimeout: connection.Duration(24 * time.Hour),
		TimeBudget:   connection.Duration(15 * time.Minute),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParse_AcceptsEveryWayToWriteTheSame(t *testing.T) {
	t.Parallel()
	want, err := document.Parse([]byte(least), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"JSON":               `{"name":"acme","okta":{"assign_groups":["Engineering","Support"]}}`,
		"JSON with tabs":     "{\n\t\"name\": \"acme\",\n\t\"okta\": {\n\t\t\"assign_groups\": [\n\t\t\t\"Engineering\",\n\t\t\t\"Support\"\n\t\t]\n\t}\n}\n",
		"JSON with escapes":  `{"name":"\u0061cme","okta":{"assign_groups":["Engin\u0065ering","Support"],"org":null},"policy":null}`,
		"block style":        "name: acme\nokta:\n  assign_groups:\n    - Engineering # and a comment\n    - \"Support\"\n",
		"line ends of DOS":   strings.ReplaceAll(least, "\n", "\r\n"),
		"byte order mark":    "\ufeff" + least,
		"start and end":      "---\n" + least + "...\n",
		"empty sections":     least + "cloudflare:\npolicy: {}\nadopt: false\n",
		"defaults in full":   least + "time_budget: 15m0s\non_failure: rollback\ncloudflare: {pkce: true, idp_name: Okta}\n",
		"folded block texts": "name: >-\n  acme\nokta: {assign_groups: [Engineering, Support]}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := document.Parse([]byte(text), name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// faulty are documents and every line of the error they get.
var faulty = map[string]struct{ text, want string }{
	"empty":         {"", "acme.yaml: the document is empty; it must hold a connection; see docs/connection.md"},
	"comments only": {"# nothing\n", "acme.yaml: the document is empty; it must hold a connection; see docs/connection.md"},
	"null":          {"null\n", "acme.yaml:1:1: the document is empty; it must hold a connection; see docs/connection.md"},
	"a list":        {"- name: acme\n", "acme.yaml:1:1: the document is a list; it must be a section with name, okta, cloudflare, policy, adopt, on_failure, pause_timeout and time_budget"},
	"a text":        {"acme", `acme.yaml:1:1: the document is "acme"; it must be a section with name, okta, cloudflare, policy, adopt, on_failure, pause_timeout and time_budget`},
	"syntax":        {"name: acme\nokta: [x\n", "acme.yaml:2:7: the document can't be read: sequence end token ']' not found; correct the YAML"},
	"not UTF-8":     {"name: acme\nokta: \xff\n", "acme.yaml:2:7: the document is not in UTF-8 here; save it as UTF-8"},
	"too large":     {"#" + strings.Repeat("x", document.MaxSize), "acme.yaml: the document has 1048577 bytes; at most 1048576 are accepted"},
	"brackets":      {strings.Repeat("[", 1000), "acme.yaml:1:33: the document is nested more than 32 deep here; it needs 4 levels"},
	"dashes":        {strings.Repeat("- ", 1000), "acme.yaml:1:65: the document is nested more than 32 deep here; it needs 4 levels"},
	"two documents": {least + "---\n" + least, "acme.yaml:3:1: the document is followed by another one in the same file; put each connection in a file of its own"},
	"directive":     {"%YAML 1.2\n---\n" + least, "acme.yaml:1:1: the document starts with a YAML directive (%); take it out"},
	"anchor":        {"name: &a acme\nokta: {assign_groups: [x]}\n", "acme.yaml:1:7: name has an anchor (&); write the value out; anchors are not accepted"},
	"alias":         {least + "policy: {name: *a}\n", "acme.yaml:3:16: policy.name is an alias (*); write the value out; a text that starts with * goes in quotes"},
	"merge key":     {least + "<<: {a: b}\n", `acme.yaml:3:1: "<<" is not a plain key; write keys as they are: merge keys (<<), anchors, aliases, tags and ? are not accepted`},
	"tag":           {least + "adopt: !!bool true\n", "acme.yaml:3:8: adopt has a tag (!); take it out; a text that starts with ! goes in quotes"},
	"key twice":     {least + "name: other\n", "acme.yaml:3:1: name is there a second time; leave one of the two out"},
	"unknown key":   {least + "zebra: 1\n", "acme.yaml:3:1: zebra is not a known key; known here are name, okta, cloudflare, policy, adopt, on_failure, pause_timeout and time_budget"},
	"misspelt beside the right one": {
		"name: acme\nokta:\n  org: Bad Org\n  assign_groups: [x]\nokt: {}\n",
		"acme.yaml:3:8: okta.org is \"Bad Org\"; it must be lower-case letters, digits and hyphens, with a letter or digit at both ends\n" +
			"acme.yaml:5:1: okt is not a known key; did you mean okta?",
	},
	"misspelt key":         {"name: acme\nokta: {assign_group: [x]}\n", "acme.yaml:2:8: okta.assign_group is not a known key; did you mean assign_groups?"},
	"key that is no text":  {least + "1: x\n", "acme.yaml:3:1: 1 is not a known key; known here are name, okta, cloudflare, policy, adopt, on_failure, pause_timeout and time_budget"},
	"key to fool terminal": {least + "\"a\\e[31m\": x\n", `acme.yaml:3:1: "a\x1b[31m" is not a known key; known here are name, okta, cloudflare, policy, adopt, on_failure, pause_timeout and time_budget`},
	"number for text":      {"name: 123\nokta: {assign_groups: [x]}\n", "acme.yaml:1:7: name is the number 123; it must be a text: put it in quotes"},
	"boolean for text":     {"name: true\nokta: {assign_groups: [x]}\n", "acme.yaml:1:7: name is true; it must be a text: put it in quotes"},
	"section for text":     {"name: {a: b}\nokta: {assign_groups: [x]}\n", "acme.yaml:1:7: name is a section; it must be a text"},
	"text for list":        {"name: acme\nokta: {assign_groups: x}\n", `acme.yaml:2:23: okta.assign_groups is "x"; it must be a list, such as [first, second]`},
	"number in list":       {"name: acme\nokta: {assign_groups: [x, 5]}\n", "acme.yaml:2:27: okta.assign_groups[1] is the number 5; it must be a text: put it in quotes"},
	"null in list":         {"name: acme\nokta: {assign_groups: [x, null]}\n", "acme.yaml:2:27: okta.assign_groups[1] is empty; write something, or take it out"},
	"list for section":     {"name: acme\nokta: [x]\n", "acme.yaml:2:7: okta is a list; it must be a section with org, app_label, groups_claim and assign_groups"},
	"text for boolean":     {least + "adopt: yes\n", `acme.yaml:3:8: adopt is "yes"; it must be true or false`},
	"text for a pointer":   {least + "cloudflare: {pkce: 1}\n", "acme.yaml:3:20: cloudflare.pkce is the number 1; it must be true or false"},
	"number for duration":  {least + "time_budget: 15\n", "acme.yaml:3:14: time_budget is the number 15; it must be a length of time between 10s and 24h, such as 90s or 15m"},
	"text for duration":    {least + "time_budget: 15 minutes\n", `acme.yaml:3:14: time_budget is "15 minutes"; it must be a length of time between 10s and 24h, such as 90s or 15m`},
	"no duration":          {least + "time_budget: 0s\n", `acme.yaml:3:14: time_budget is "0s"; it must be a length of time between 10s and 24h, such as 90s or 15m`},
	"duration too short":   {least + "time_budget: 5s\n", "acme.yaml:3:14: time_budget is 5s; it must be between 10s and 24h"},
	"empty optional text":  {"name: acme\nokta: {assign_groups: [x], app_label: ''}\n", "acme.yaml:2:39: okta.app_label is empty; write something, or leave it out to get the default"},
	"empty required text":  {"name: ''\nokta: {assign_groups: [x]}\n", "acme.yaml:1:7: name is missing; it must be lower-case letters, digits and hyphens, such as acme"},
	"section left empty":   {"name: acme\nokta:\n", "acme.yaml:2:1: okta.assign_groups is missing; it must list at least one Okta group: nobody else may use the app"},
	"too many entries": {
		"name: acme\nokta: {assign_groups: [x" + strings.Repeat(",x", 1000) + "]}\n", "acme.yaml:2:8: okta.assign_groups has 1001 entries; at most 1000 are accepted",
	},
}

func TestParse_SaysWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for name, test := range faulty {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, err := document.Parse([]byte(test.text), "acme.yaml")
			var faults *connection.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("got %+v and the error %v, want *connection.Faults", spec, err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParse_TellsAllFaultsAtOnceInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	text := `name: Acme Inc
okta:
  aplabel: X
  groups_claim: {filter: REGEXP, value: "("}
  assign_groups: [Engineering, Engineering, 7]
cloudflare:
  pkce: maybe
policy:
  allow:
    groups: [Sales]
    emails: [nobody]
on_failure: ignore
`
	_, err := document.Parse([]byte(text), "acme.yaml")
	want := `acme.yaml:1:7: name is "Acme Inc"; it must be lower-case letters, digits and hyphens, with a letter or digit at both ends
acme.yaml:3:3: okta.aplabel is not a known key; did you mean app_label?
acme.yaml:4:26: okta.groups_claim.filter is "REGEXP"; it must be REGEX, STARTS_WITH, EQUALS or CONTAINS
acme.yaml:5:32: okta.assign_groups[1] is "Engineering", as is okta.assign_groups[0]; leave one of them out
acme.yaml:5:45: okta.assign_groups[2] is the number 7; it must be a text: put it in quotes
acme.yaml:7:9: cloudflare.pkce is "maybe"; it must be true or false
acme.yaml:10:14: policy.allow.groups[0] is "Sales", which is not assigned to the app: its members could never sign in; add it to okta.assign_groups, or take it out here
acme.yaml:11:14: policy.allow.emails[0] is "nobody"; it must be an e-mail address, such as ceo@acme.example
acme.yaml:12:13: on_failure is "ignore"; it must be rollback or pause`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

func TestParse_IsQuickForTheLargestDocuments(t *testing.T) {
	t.Parallel()
	// A document that takes minutes is what this finds; how many seconds it takes depends on who else is working.
	for name, unit := range map[string]string{
		"keys": "a: 1\n", "entries": "- a\n", "comments": "#\n", "commas": "a,", "colons": "a:", "quotes": `"`, "anchors": "&a ", "tags": "! ", "question marks": "? ",
		"documents": "---\n", "lines": "\n", "escapes": `\u0041`, "brackets": "[]", "braces": "{}", "openings": "{a: ", "bars": "|\n",
	} {
		for _, start := range []string{"", "a: [", "a: |\n  "} {
			for _, size := range []int{document.MaxSize, 9_500 * len(unit)} {
				t.Run(fmt.Sprintf("%d bytes of %s after %s", size, name, start), func(t *testing.T) {
					t.Parallel()
					text := start + strings.Repeat(unit, (size-len(start))/len(unit))
					began := time.Now()
					if _, err := document.Parse([]byte(text), ""); err == nil {
						t.Error("the document was accepted")
					}
					if took := time.Since(began); took > time.Minute {
						t.Errorf("it took %s", took)
					}
				})
			}
		}
	}
}
