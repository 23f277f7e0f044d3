package planner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// ruleOf is a rule of any kind.
func ruleOf(kind, key, id string) []planner.Rule {
	return []planner.Rule{planner.EmailRule("a@acme.example"), {kind: {"name": "Engineering", key: id}}}
}

// TestRefersTo finds an identity provider under each key, in rules of each kind, wherever they stand.
func TestRefersTo(t *testing.T) {
	t.Parallel()
	for kind, keys := range map[string][]string{
		"okta": {"identity_provider_id", "connection_id"}, "oidc": {"identity_provider_id", "connection_id"}, "saml": {"identity_provider_id"},
		"azureAD": {"connection_id"}, "login_method": {"id"},
	} {
		for _, key := range keys {
			rules := ruleOf(kind, key, "idp1")
			policies := []planner.AccessPolicy{{Include: rules}, {Require: rules}, {Exclude: rules}}
			for i, group := range []planner.AccessGroup{{Include: rules}, {Require: rules}, {Exclude: rules}} {
				if !group.RefersTo("idp1") || !policies[i].RefersTo("idp1") || group.RefersTo("idp2") || policies[i].RefersTo("") {
					t.Errorf("%s, %s: %+v", kind, key, rules)
				}
			}
		}
	}
	if group := (planner.AccessGroup{Include: ruleOf("group", "id", "idp1")}); group.RefersTo("idp1") {
		t.Error("the id of an Access group was taken for an identity provider's")
	}
}

func TestReferrersTo_EachKind_IsNamed(t *testing.T) {
	t.Parallel()
	rules := ruleOf("okta", "connection_id", "idp1")
	own := planner.ListedApplication{
		Application: planner.Application{ID: "a", Name: "Wiki", Domain: "wiki.example"},
		OwnPolicies: []planner.AccessPolicy{{ID: "p1", Name: "Old staff", Require: rules}, {ID: "p2", Name: "Everyone"}},
	}
	all := planner.Referring{
		Groups:       []planner.AccessGroup{{ID: "g1", Name: "Staff", Include: rules}, {ID: "g2", Name: "Other"}},
		Applications: []planner.ListedApplication{own},
		Grants:       []planner.FederationGrant{{ID: "f1", IdentityProvider: "idp1"}, {ID: "f2", IdentityProvider: "idp2"}},
		Organization: map[string]any{"name": "Acme", "login": map[string]any{"default": []any{true, "idp1"}}, "idp": "idp1", "custom": []any{"idp2"}},
	}
	var names []string
	for _, each := range planner.ReferrersTo("idp1", all) {
		if each.Advice == "" {
			t.Errorf("%s: nothing says what to do", each.Name)
		}
		names = append(names, each.Name)
	}
	want := []string{
		`Access group "Staff" (g1)`, `policy "Old staff" (p1) of Access application "Wiki" (wiki.example)`,
		"federation grant f1, through which other accounts use it", "the setting idp of the Access organisation", "the setting login of the Access organisation",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("referrers (-want +got):\n%s", diff)
	}
	if found := planner.ReferrersTo("", all); found != nil {
		t.Errorf("no identity provider is referred to by %v", found)
	}
}

// TestReferrers_AreToldAndRefuseADisconnect, unless the identity provider is left anyway.
func TestReferrers_AreToldAndRefuseADisconnect(t *testing.T) {
	t.Parallel()
	have := connected(acme())
	have.Referrers = []planner.Referrer{{Name: `Access group "Staff" (g1)`, Advice: "take it out"}}
	have.GroupsUnseen = true
	wantProblems(t, planner.DisconnectProblems(acme(), have), []string{
		`Access group "Staff" (g1) still refers to the identity provider "Okta"; take it out`, "the API token may not list Access groups",
	})
	wantProblems(t, planner.Problems(acme(), have), nil)
	if notes := planner.Notes(acme(), have); !strings.Contains(strings.Join(notes, "\n"), `Access group "Staff" (g1) refers to the identity provider "Okta" too`) {
		t.Errorf("notes: %q", notes)
	}
	have.IdentityProvider.Adopted = true
	wantProblems(t, planner.DisconnectProblems(acme(), have), nil)
}
