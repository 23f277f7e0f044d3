package planner_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// TestNotes_MemoryAndSecrets tell of what someone took away or added by hand.
func TestNotes_MemoryAndSecrets(t *testing.T) {
	t.Parallel()
	handed := func(newest string, active ...string) func(*planner.State) {
		return func(s *planner.State) {
			s.IdentityProvider.SecretID, s.Secrets = "one", planner.Secrets{Newest: newest, Active: active}
		}
	}
	generation := func(s *planner.State) { s.App.ClientID = ourClient }
	for name, test := range map[string]struct {
		have func(*planner.State)
		want string // "" is no note
	}{
		"as it was":                    {generation, ""},
		"memory taken away":            {func(s *planner.State) { generation(s); s.App.Memory = nil }, "doesn't tell any more what the connection consists of"},
		"of an earlier version":        {func(s *planner.State) { s.App.Memory = nil }, ""},
		"of another's app":             {func(s *planner.State) { s.App.ClientID, s.App.Memory = "0oa9", nil }, ""},
		"no app":                       {func(s *planner.State) { s.App = nil }, ""},
		"the secret is active":         {handed("one", "one"), ""},
		"a second secret":              {handed("two", "one", "two"), "has a second active client secret; Cloudflare goes on with one"},
		"the secret is dead":           {handed("two", "two"), "the client secret one that Cloudflare was handed is no longer active in Okta"},
		"no secret is known":           {func(s *planner.State) { s.Secrets = planner.Secrets{Newest: "two", Active: []string{"two", "three"}} }, ""},
		"its secrets weren't read":     {handed(""), ""},
		"there's no identity provider": {func(s *planner.State) { handed("two", "two")(s); s.IdentityProvider = nil }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := connected(acme())
			test.have(&have)
			notes := slices.DeleteFunc(planner.Notes(guarding(false), have), func(note string) bool { return strings.Contains(note, "api_token") }) // of any update
			if len(notes) > 1 || (len(notes) == 1) != (test.want != "") || !strings.Contains(strings.Join(notes, ""), test.want) {
				t.Errorf("notes: %q, want %q", notes, test.want)
			}
		})
	}
}

// TestDiff_HandedSecretIsDead_IsHandedTheNewest: else nobody could sign in.
func TestDiff_HandedSecretIsDead_IsHandedTheNewest(t *testing.T) {
	t.Parallel()
	have := connected(acme())
	have.IdentityProvider.SecretID, have.Secrets = "one", planner.Secrets{Newest: "two", Active: []string{"two"}}
	moves := planner.Diff(acme(), have, "").Moves()
	want := []connection.Change{{
		Resource: connection.ResourceIdentityProvider, Name: "Okta", ID: "idp1", Action: connection.ActionUpdate, Fields: []connection.Field{{Name: "client_secret", Before: "one", After: "two"}},
	}}
	if diff := cmp.Diff(want, moves); diff != "" {
		t.Errorf("moves (-want +got):\n%s", diff)
	}
	have.Secrets.Active = []string{"one", "two"} // a second one is no reason
	if moves := planner.Diff(acme(), have, "").Moves(); moves != nil {
		t.Errorf("moves: %+v", moves)
	}
}

// TestDiffIdentityProvider_SecretThatIsNotKnown can't be compared.
func TestDiffIdentityProvider_SecretThatIsNotKnown(t *testing.T) {
	t.Parallel()
	have := *connected(acme()).IdentityProvider
	want := have
	want.SecretID = "two"
	if change := planner.DiffIdentityProvider(&have, want); change.Action != connection.ActionUnchanged {
		t.Errorf("the change is %+v", change)
	}
}

// TestNotes_PolicyOfNoApplication: a connection can be whole, and its policy guard nothing.
func TestNotes_PolicyOfNoApplication(t *testing.T) {
	t.Parallel()
	const says = `policy.applications names no application: the policy "Okta staff" guards nothing until it is attached to one`
	byHand := connected(acme())
	byHand.Applications = []planner.Application{{ID: "theirs", UsesPolicy: true}}
	listing := connected(acme())
	listing.Applications = []planner.Application{{ID: "theirs", UsesIdentityProvider: true}}
	for name, test := range map[string]struct {
		spec connection.Spec
		have planner.State
		want bool
	}{
		"at first": {acme(), nothing(), true}, "connected": {acme(), connected(acme()), true}, "named": {guarding(false), nothing(), false},
		"attached by hand": {acme(), byHand, false}, "only the identity provider is used": {acme(), listing, true},
	} {
		if notes := planner.Diff(test.spec, test.have, "").Notes; slices.Contains(notes, says) != test.want {
			t.Errorf("%s: notes %q", name, notes)
		}
	}
}
