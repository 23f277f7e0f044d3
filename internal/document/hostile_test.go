package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/document"
)

// groupsOf is a document that assigns the groups, written out as YAML.
func groupsOf(groups string) string { return "name: acme\nokta: {assign_groups: [" + groups + "]}\n" }

// many are groups with names of their own.
func many(number int) string {
	var groups strings.Builder
	for i := range number {
		fmt.Fprintf(&groups, "    - group %d\n", i)
	}
	return groups.String()
}

// billion is the bomb of nested aliases, which would become a billion texts.
func billion() string {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n")
	for i := 1; i < 10; i++ {
		alias := fmt.Sprintf("*a%d, ", i-1)
		fmt.Fprintf(&bomb, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(alias, 10), ", "))
	}
	return bomb.String() + "name: acme\nokta: {assign_groups: *a9}\n"
}

// hostile are documents that somebody wrote to do harm, or that harm by accident, and what the person reads.
var hostile = map[string]struct{ text, want string }{
	"10 MB":         {strings.Repeat("# nothing\n", 1<<20), "acme.yaml: the document has 10485760 bytes; at most 1048576 are accepted"},
	"10,000 groups": {"name: acme\nokta:\n  assign_groups:\n" + many(10_000), "acme.yaml: the document has more than 10000 lines; at most 1000 entries are accepted in a list"},
	"5,000 groups":  {"name: acme\nokta:\n  assign_groups:\n" + many(5_000), "acme.yaml:3:3: okta.assign_groups has 5000 entries; at most 1000 are accepted"},
	"10,000 groups on a line": {
		groupsOf(strings.Repeat("x,", 10_000) + "x"), "acme.yaml:2:20015: the document has more than 20000 words and marks; at most 1000 entries are accepted in a list",
	},
	"alias to itself":   {"name: acme\nokta: &a\n  assign_groups: *a\n", "acme.yaml:2:7: okta has an anchor (&); write the value out; anchors are not accepted"},
	"newline in a name": {groupsOf(`"a\nb"`), `acme.yaml:2:24: okta.assign_groups[0] is "a\nb", with the invisible character U+000A; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`},
	"forged log line": {
		groupsOf(`"x\nlevel=ERROR msg=forged"`), `acme.yaml:2:24: okta.assign_groups[0] is "x\nlevel=ERROR msg=forged", with the invisible character U+000A; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`,
	},
	"right-to-left override": {groupsOf(`"a\u202egpj.exe"`), `acme.yaml:2:24: okta.assign_groups[0] is "a\u202egpj.exe", with the invisible character U+202E; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`},
	"right-to-left mark":     {groupsOf(`"a\u200f"`), `acme.yaml:2:24: okta.assign_groups[0] is "a\u200f", with the invisible character U+200F; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`},
	"right-to-left isolate":  {groupsOf(`"\u2067a"`), `acme.yaml:2:24: okta.assign_groups[0] is "\u2067a", with the invisible character U+2067; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`},
	"zero-width space":       {groupsOf(`"Eng\u200bineering"`), `acme.yaml:2:24: okta.assign_groups[0] is "Eng\u200bineering", with the invisible character U+200B; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`},
	"escape sequence":        {groupsOf(`"\e]0;title\a"`), `acme.yaml:2:24: okta.assign_groups[0] is "\x1b]0;title\a", with the invisible character U+001B; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`},
	"null character":         {groupsOf(`"a\0b"`), `acme.yaml:2:24: okta.assign_groups[0] is "a\x00b", with the invisible character U+0000; take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9`},
	"homoglyph in a name":    {"name: аcme\nokta: {assign_groups: [x]}\n", "acme.yaml:1:7: name is \"аcme\"; it must be lower-case letters, digits and hyphens, with a letter or digit at both ends"},
	"homoglyph in a domain": {
		groupsOf("x") + "policy: {allow: {email_domains: [аcme.example]}}\n",
		"acme.yaml:3:34: policy.allow.email_domains[0] is \"аcme.example\"; it must be a domain, such as acme.example (in its xn-- form, where it has other letters than a to z)",
	},
	"homoglyph in an allowed group": {
		groupsOf("Engineering") + "policy: {allow: {groups: [Еngineering]}}\n",
		"acme.yaml:3:27: policy.allow.groups[0] is \"Еngineering\", which is not assigned to the app: its members could never sign in; add it to okta.assign_groups, or take it out here",
	},
	"path in a name": {"name: ../../etc\nokta: {assign_groups: [x]}\n", `acme.yaml:1:7: name is "../../etc"; it must be lower-case letters, digits and hyphens, with a letter or digit at both ends`},
	"path in an org": {"name: acme\nokta: {org: a/../b, assign_groups: [x]}\n", `acme.yaml:2:13: okta.org is "a/../b"; it must be lower-case letters, digits and hyphens, with a letter or digit at both ends`},
	"redirect domain that isn't https": {
		groupsOf("x") + "policy: {applications: ['http://wiki.acme.example']}\n",
		`acme.yaml:3:25: policy.applications[0] is "http://wiki.acme.example"; it must be the domain of an Access application, such as wiki.acme.example, or its id`,
	},
	"script for a domain": {
		groupsOf("x") + "policy: {applications: ['javascript:alert(1)']}\n",
		`acme.yaml:3:25: policy.applications[0] is "javascript:alert(1)"; it must be the domain of an Access application, such as wiki.acme.example, or its id`,
	},
	"redirect URI of one's own": {
		"name: acme\nokta: {assign_groups: [x], redirect_uris: ['http://evil.example/']}\n",
		"acme.yaml:2:28: okta.redirect_uris is not a known key; known here are org, app_label, groups_claim and assign_groups",
	},
	"token in the document": {
		"name: acme\nokta: {assign_groups: [x], token: 00abc}\n",
		"acme.yaml:2:28: okta.token is not a known key; known here are org, app_label, groups_claim and assign_groups",
	},
}

func TestParse_HostileDocument_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, test := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, test.text, test.want)
		})
	}
}

// refused parses a document, and wants exactly the error, soon and fit for a terminal.
func refused(t *testing.T, text, want string) {
	t.Helper()
	began := time.Now()
	_, err := document.Parse([]byte(text), "acme.yaml")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	var faults *connection.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("the error is %v", err)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
	if strings.ContainsFunc(err.Error(), func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
		t.Errorf("the error has what a terminal acts on: %q", err.Error())
	}
}

func TestParse_BillionLaughs_IsRefusedAtItsFirstAnchor(t *testing.T) {
	t.Parallel()
	_, err := document.Parse([]byte(billion()), "acme.yaml")
	if err == nil || len(err.Error()) > 10_000 || !strings.HasPrefix(err.Error(), "acme.yaml:1:1: a0 is not a known key") {
		t.Errorf("the error is %.300q", fmt.Sprint(err))
	}
}

// TestParse_NamesThatLookHostileAndAreLegal_AreKept is about group names that Okta accepts: they are escaped where they are used,
// not forbidden here.
func TestParse_NamesThatLookHostileAndAreLegal_AreKept(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		`x" or profile.name sw "`, `x\`, `O'Brien "Ops" & Söhne`, `*`, `..`, `../../x`, `<script>alert(1)</script>`, `{{.}}`, `%s%n`, `$(id)`, "`id`", `; drop table groups`,
		`א־ב`, `Еngineering`,
	} {
		spec, err := document.Parse([]byte(groupsOf(`'`+strings.ReplaceAll(name, `'`, `''`)+`'`)), "acme.yaml")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff([]string{name}, spec.Okta.AssignGroups); diff != "" {
			t.Error(diff)
		}
	}
}
