package planner_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// TestPick_EachKindFromTheOneBefore: the app tells of the identity provider, and that of the policy.
func TestPick_EachKindFromTheOneBefore(t *testing.T) {
	t.Parallel()
	app := listedApp("0oa1", ourClient)
	app.Memory = remembers("idp1", "policy1")
	listed := planner.Listed{
		Apps:              []planner.ListedApp{listedApp("0oa8", "0oa8", labelled("Wiki")), app},
		IdentityProviders: []planner.ListedIdentityProvider{listedProvider("idp1", "By hand", "0oa8")},
		Policies:          []planner.AccessPolicy{plain("policy1", "By hand")},
	}
	state := planner.Pick(acme(), planner.State{AuthDomain: "acme.example"}, listed)
	if state.App.ID != "0oa1" || state.IdentityProvider.ID != "idp1" || state.Policy.ID != "policy1" || state.AuthDomain != "acme.example" {
		t.Errorf("picked %+v", state)
	}
	if again := planner.Pick(acme(), planner.State{AuthDomain: "acme.example"}, listed); !cmp.Equal(again, state) {
		t.Errorf("picked again:\n%s", cmp.Diff(state, again))
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state planner.State
		want  planner.References
	}{
		"nothing": {planner.State{}, planner.References{}},
		"what was picked": {
			planner.State{App: &planner.App{ID: "a"}, IdentityProvider: &planner.IdentityProvider{ID: "i"}, Policy: &planner.AccessPolicy{ID: "p"}},
			planner.References{Apps: []string{"a"}, IdentityProviders: []string{"i"}, Policies: []string{"p"}},
		},
		"what is remembered": {
			planner.State{App: &planner.App{ID: "a", Memory: remembers("i", "p", "q")}},
			planner.References{Apps: []string{"a"}, IdentityProviders: []string{"i"}, Policies: []string{"p", "q"}},
		},
		"each once": {
			planner.State{
				App: &planner.App{ID: "a", Memory: remembers("i", "p", "p")}, IdentityProvider: &planner.IdentityProvider{ID: "i"}, Policy: &planner.AccessPolicy{ID: "p"},
				Strangers: []planner.Stranger{{Resource: connection.ResourceApp, ID: "a"}},
			},
			planner.References{Apps: []string{"a"}, IdentityProviders: []string{"i"}, Policies: []string{"p"}},
		},
		"what stands in the way": {
			planner.State{Strangers: []planner.Stranger{
				{Resource: connection.ResourceApp, ID: "a"}, {Resource: connection.ResourceIdentityProvider, ID: "i"}, {Resource: connection.ResourcePolicy, ID: "p"},
			}},
			planner.References{Apps: []string{"a"}, IdentityProviders: []string{"i"}, Policies: []string{"p"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.state.References()); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	type thing struct{ ID, Name string }
	id := func(each thing) string { return each.ID }
	for name, test := range map[string]struct {
		which string
		by    *thing
		want  []thing
	}{
		"read, and as listed":    {"a", &thing{"a", "1"}, []thing{{"a", "1"}, {"b", "2"}}},
		"read, and otherwise":    {"b", &thing{"b", "new"}, []thing{{"a", "1"}, {"b", "new"}}},
		"read, and not listed":   {"c", &thing{"c", "3"}, []thing{{"a", "1"}, {"b", "2"}, {"c", "3"}}},
		"gone, though listed":    {"a", nil, []thing{{"b", "2"}}},
		"gone, and never listed": {"c", nil, []thing{{"a", "1"}, {"b", "2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, planner.Replace([]thing{{"a", "1"}, {"b", "2"}}, id, test.which, test.by)); diff != "" {
				t.Errorf("list (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiffering(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ a, b, want []string }{
		"nothing":       {nil, nil, nil},
		"another order": {[]string{"a", "b"}, []string{"b", "a"}, nil},
		"in one alone":  {[]string{"c", "a"}, []string{"a", "b"}, []string{"b", "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, planner.Differing(test.a, test.b)); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}
