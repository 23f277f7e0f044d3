package document_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/document"
)

// advised is what a fault in a document says to do. A way to do it changes the document; then nothing is wrong with it any more.
type advised struct {
	advice string
	wrong  string
	ways   []way
}

// way puts a text in the place of another.
type way struct{ old, instead string }

// name is a name of so many characters.
func name(characters int) string { return strings.Repeat("a", characters) }

// documentAdvice is about the document as a file, and its YAML.
var documentAdvice = []advised{
	{advice: "it must hold a connection; see docs/connection.md", wrong: "# nothing\n", ways: []way{{"# nothing\n", least}}},
	{advice: "it must be a section with name, okta,", wrong: "acme", ways: []way{{"acme", least}}},
	{
		advice: "at most 1000 entries are accepted in a list", wrong: "name: acme\nokta:\n  assign_groups:\n" + many(10_000),
		ways: []way{{many(10_000), many(1000)}},
	},
	{advice: "at most 1048576 are accepted", wrong: least + strings.Repeat("#", document.MaxSize), ways: []way{{strings.Repeat("#", document.MaxSize), ""}}},
	{advice: "save it as UTF-8", wrong: groupsOf("B\xfcro"), ways: []way{{"\xfc", "ü"}}},
	{
		advice: "it needs 4 levels", wrong: least + "policy: " + strings.Repeat("{allow: ", 40) + strings.Repeat("}", 40),
		ways: []way{{strings.Repeat("{allow: ", 40) + strings.Repeat("}", 40), "{allow: {groups: [Engineering]}}"}},
	},
	{advice: "correct the YAML", wrong: groupsOf("Engineering") + "policy: {name: 'Staff}\n", ways: []way{{"'Staff", "'Staff'"}}},
	{advice: "take it out", wrong: "%YAML 1.2\n---\n" + least, ways: []way{{"%YAML 1.2\n", ""}}},
	{advice: "put each connection in a file of its own", wrong: least + "---\nname: globex\nokta: {assign_groups: [x]}\n", ways: []way{
		{"---\nname: globex\nokta: {assign_groups: [x]}\n", ""}, {least + "---\n", ""},
	}},
	{advice: "write the value out; anchors are not accepted", wrong: "name: acme\nokta: {assign_groups: &all [a, b]}\n", ways: []way{{"&all ", ""}}},
	{advice: "write the value out; a text that starts with * goes in quotes", wrong: groupsOf("*all"), ways: []way{{"*all", "all"}, {"*all", "'*all'"}}},
	{advice: "take it out; a text that starts with ! goes in quotes", wrong: groupsOf("!urgent x"), ways: []way{{"!urgent ", ""}, {"!urgent x", "'!urgent x'"}}},
	{
		advice: "write keys as they are: merge keys (<<), anchors, aliases, tags and ? are not accepted",
		wrong:  "name: acme\n? okta\n: {assign_groups: [x]}\n", ways: []way{{"? okta\n:", "okta:"}},
	},
	{advice: "leave one of the two out", wrong: least + "name: acme\n", ways: []way{{"\nname: acme", ""}}},
	{advice: "known here are org, app_label, groups_claim and assign_groups", wrong: "name: acme\nokta: {assign_groups: [x], zebra: y}\n", ways: []way{{"zebra", "org"}, {", zebra: y", ""}}},
	{advice: "did you mean assign_groups?", wrong: "name: acme\nokta: {asign_groups: [x]}\n", ways: []way{{"asign_groups", "assign_groups"}}},
	{advice: "write something, or leave it out to get the default", wrong: least + "cloudflare: {idp_name: ''}\n", ways: []way{{"''", "Okta"}, {"idp_name: ''", ""}}},
	{advice: "it must be a list, such as [first, second]", wrong: "name: acme\nokta: {assign_groups: Engineering}\n", ways: []way{{"Engineering", "[Engineering, Support]"}}},
	{advice: "it must be a text", wrong: least + "policy: {name: [Staff]}\n", ways: []way{{"[Staff]", "Staff"}}},
	{advice: "it must be a text: put it in quotes", wrong: groupsOf("2026"), ways: []way{{"2026", "'2026'"}}},
	{advice: "it must be true or false", wrong: least + "adopt: yes\n", ways: []way{{"yes", "true"}, {"yes", "false"}}},
	{advice: "it must be a length of time between 10s and 24h, such as 90s or 15m", wrong: least + "time_budget: 5\n", ways: []way{{"5", "90s"}, {"5", "15m"}, {"5", "10s"}, {"5", "24h"}}},
	{advice: "it must be a length of time between 1s and 720h, such as 90s or 24h", wrong: least + "pause_timeout: 5\n", ways: []way{{"5", "90s"}, {"5", "24h"}, {"5", "1s"}, {"5", "720h"}}},
}

// connectionAdvice is about what the document says.
var connectionAdvice = []advised{
	{advice: "it must be lower-case letters, digits and hyphens, such as acme", wrong: "okta: {assign_groups: [x]}\n", ways: []way{{"okta:", "name: acme\nokta:"}}},
	{advice: "it must be lower-case letters, digits and hyphens, with a letter or digit at both ends", wrong: "name: Acme-\nokta: {assign_groups: [x]}\n", ways: []way{{"Acme-", "acme"}}},
	{advice: "at most 63 are accepted", wrong: "name: " + name(64) + "\nokta: {assign_groups: [x]}\n", ways: []way{{name(64), name(63)}}},
	{advice: "at most 255 are accepted", wrong: groupsOf(name(256)), ways: []way{{name(256), name(255)}}},
	{advice: "at most 1000 are accepted", wrong: "name: acme\nokta:\n  assign_groups:\n" + many(1001), ways: []way{{many(1001), many(1000)}}},
	{advice: "it must list at least one Okta group: nobody else may use the app", wrong: "name: acme\n", ways: []way{{"name: acme\n", least}}},
	{advice: "take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9", wrong: groupsOf(`"a\u200f"`), ways: []way{
		{`\u200f`, ""}, {`a\u200f`, "id:00g1a2b3c4d5e6f7g8h9"},
	}},
	{advice: "write something, or take it out", wrong: groupsOf("x, ''"), ways: []way{{"''", "y"}, {", ''", ""}}},
	{advice: "take that character out", wrong: least + "policy: {name: \"a\\u200fb\"}\n", ways: []way{{`\u200f`, ""}}},
	{advice: "take the white space out", wrong: least + "policy: {name: ' Staff'}\n", ways: []way{{"' Staff'", "Staff"}}},
	{advice: "leave one of them out", wrong: groupsOf("x, y, x"), ways: []way{{", y, x", ", y"}, {"x, y, x", "y, x"}}},
	{advice: "it must be a filter with its value, an expression, or assigned: true", wrong: claimOf("filter: REGEX, value: E, assigned: true"), ways: []way{
		{", assigned: true", ""}, {"filter: REGEX, value: E, assigned: true", "expression: user.login"}, {"filter: REGEX, value: E, ", ""},
	}},
	{advice: "it must be REGEX, STARTS_WITH, EQUALS or CONTAINS where there is a value", wrong: claimOf("value: Engineering"), ways: []way{{"value: Engineering", "filter: REGEX, value: Eng|Sup"}}},
	{advice: "it must be REGEX, STARTS_WITH, EQUALS or CONTAINS", wrong: claimOf("filter: IS, value: Engineering"), ways: []way{
		{"IS", "REGEX"}, {"IS", "STARTS_WITH"}, {"IS", "EQUALS"}, {"IS", "CONTAINS"},
	}},
	{advice: "it must be what the filter compares the names of groups with", wrong: claimOf("filter: EQUALS"), ways: []way{{"EQUALS", "REGEX, value: .*"}}},
	{advice: "take that out", wrong: claimOf(`filter: CONTAINS, value: "Eng\u200f"`), ways: []way{{`\u200f`, ""}}},
	{advice: "correct it, such as .* or Eng.*", wrong: claimOf("filter: REGEX, value: '(Eng'"), ways: []way{{"(Eng", ".*"}, {"(Eng", "Eng.*"}, {"(Eng", "(Eng)"}}},
	{advice: "widen the claim, or list the groups to allow without it", wrong: leavesOut, ways: []way{
		{"EQUALS, value: Support", "REGEX, value: Support|Engineering"}, {"policy: {}", "policy: {allow: {groups: [Support]}}"},
	}},
	{advice: "it must be an e-mail address, such as ceo@acme.example", wrong: allowing("emails: [ceo]"), ways: []way{{"[ceo]", "[ceo@acme.example]"}}},
	{advice: "it must be a domain, such as acme.example (in its xn-- form, where it has other letters than a to z)", wrong: allowing("email_domains: [bücher.example]"), ways: []way{
		{"bücher.example", "acme.example"}, {"bücher.example", "xn--bcher-kva.example"},
	}},
	{advice: "it must be the domain of an Access application, such as wiki.acme.example, or its id", wrong: least + "policy: {applications: ['http://wiki.acme.example']}\n", ways: []way{
		{"http://", ""}, {"http://wiki.acme.example", "01234567-89ab-cdef-0123-456789abcdef"},
	}},
	{advice: "it must be rollback or pause", wrong: least + "on_failure: wait\n", ways: []way{{"wait", "rollback"}, {"wait", "pause"}}},
	{advice: "it must be between 1s and 720h", wrong: least + "pause_timeout: 900h\n", ways: []way{{"900h", "1s"}, {"900h", "720h"}}},
	{advice: "it must be between 10s and 24h", wrong: least + "time_budget: 25h\n", ways: []way{{"25h", "10s"}, {"25h", "24h"}}},
	{advice: "write it there too, as it is written here", wrong: least + "policy: {applications: [a.example], auto_redirect_to_identity: [b.example]}\n", ways: []way{
		{"[a.example]", "[a.example, b.example]"},
	}},
	{advice: "add it to okta.assign_groups, or take it out here", wrong: least + "policy: {allow: {groups: [Engineering, Sales]}}\n", ways: []way{
		{"[Engineering, Support]", "[Engineering, Support, Sales]"}, {", Sales", ""},
	}},
}

// claimOf is a document with a groups claim; allowing one with rules.
func claimOf(claim string) string {
	return "name: acme\nokta: {assign_groups: [Engineering], groups_claim: {" + claim + "}}\n"
}

// leavesOut is a document whose claim keeps a group out of the token.
const leavesOut = "name: acme\nokta: {assign_groups: [Engineering, Support], groups_claim: {filter: EQUALS, value: Support}}\npolicy: {}\n"

func allowing(rules string) string { return least + "policy: {allow: {" + rules + "}}\n" }

func TestAdvice_IsDone_AndTheDocumentIsSound(t *testing.T) {
	t.Parallel()
	for _, row := range append(documentAdvice, connectionAdvice...) {
		t.Run(row.advice, func(t *testing.T) {
			t.Parallel()
			row.follow(t)
		})
	}
}

func (row advised) follow(t *testing.T) {
	_, err := document.Parse([]byte(row.wrong), "acme.yaml")
	var faults *connection.Faults
	if !errors.As(err, &faults) || !slices.ContainsFunc(faults.Faults, func(fault connection.Fault) bool { return strings.HasPrefix(fault.Accepted, row.advice) }) {
		t.Fatalf("it is refused with other advice: %v", err)
	}
	for _, each := range row.ways {
		if _, err := document.Parse([]byte(strings.Replace(row.wrong, each.old, each.instead, 1)), "acme.yaml"); err != nil {
			t.Errorf("%s instead of %s: what the advice says was done, and yet: %v", each.instead, each.old, err)
		}
	}
}
