package planner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// lookup is the state of a connection whose app remembers that Cloudflare was handed one token, while the worker holds another.
func lookup(asked bool, held, handed string) (connection.Spec, planner.State) {
	spec := acme()
	spec.Cloudflare.GroupLookup = handed != ""
	made := nothing()
	made.LookupToken = handed
	have := connected(spec)
	app := planner.WantMemory(spec, made, *have.App, "idp1", "policy1", planner.HandedSecret{})
	have.IdentityProvider.LookupToken = nil // Cloudflare's answers don't have it
	spec.Cloudflare.GroupLookup, made.LookupToken = asked, held
	listed := planner.Listed{
		Apps:              []planner.ListedApp{{App: app}},
		IdentityProviders: []planner.ListedIdentityProvider{{IdentityProvider: *have.IdentityProvider, Type: planner.TypeOkta}},
		Policies:          []planner.AccessPolicy{*have.Policy},
	}
	return spec, planner.Pick(spec, made, listed)
}

func TestDiff_GroupLookup(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		asked        bool
		held, handed string
		want         *connection.Field // nil is no change
	}{
		"never asked for":     {false, "", "", nil},
		"handed already":      {true, "one", "one", nil},
		"not known of":        {true, "one", "", &connection.Field{Name: "group_lookup_token", After: "one"}},
		"another token":       {true, "two", "one", &connection.Field{Name: "group_lookup_token", Before: "one", After: "two"}},
		"not asked for again": {false, "", "one", &connection.Field{Name: "group_lookup_token", Before: "one"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, have := lookup(test.asked, test.held, test.handed)
			if problems := planner.Problems(spec, have); problems != nil {
				t.Fatalf("problems: %v", problems)
			}
			var got *connection.Field
			for _, move := range planner.Diff(spec, have, "").Of(connection.ResourceIdentityProvider) {
				for _, field := range move.Fields {
					got = &field
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			remembered := planner.WantMemory(spec, have, *have.App, "idp1", "policy1", planner.HandedSecret{}).Memory.LookupToken
			if want := map[bool]string{true: test.held}[test.asked]; remembered != want {
				t.Errorf("%q is remembered, want %q", remembered, want)
			}
			if read := *have.IdentityProvider; planner.DiffIdentityProvider(&planner.IdentityProvider{
				ID: read.ID, Name: read.Name, ClientID: read.ClientID, OktaAccount: read.OktaAccount, PKCE: read.PKCE,
			}, planner.WantIdentityProvider(spec, have, read.ClientID)).Action != connection.ActionUnchanged {
				t.Error("what is read back from Cloudflare, which doesn't tell of the token, isn't as declared")
			}
		})
	}
}

// TestDiff_GroupLookup_AnotherIdentityProvider: what the one that is gone was handed says nothing of this one.
func TestDiff_GroupLookup_AnotherIdentityProvider(t *testing.T) {
	t.Parallel()
	spec, have := lookup(true, "one", "one")
	app := *have.App
	app.Memory = new(*app.Memory)
	app.Memory.IdentityProvider = "gone-0000"
	have = planner.Pick(spec, have, planner.Listed{
		Apps:              []planner.ListedApp{{App: app}},
		IdentityProviders: []planner.ListedIdentityProvider{{IdentityProvider: *have.IdentityProvider, Type: planner.TypeOkta}},
	})
	if change := planner.DiffIdentityProvider(have.IdentityProvider, planner.WantIdentityProvider(spec, have, app.ClientID)); change.Action != connection.ActionUpdate {
		t.Errorf("the change is %+v", change)
	}
}

func TestProblems_GroupLookup(t *testing.T) {
	t.Parallel()
	spec, have := lookup(true, "", "one")
	wantProblems(t, planner.Problems(spec, have), []string{`cloudflare.group_lookup: the worker holds no token for Cloudflare to look groups up with in Okta org "acme"`})
	if advice := planner.Problems(spec, have)[0].Advice; !strings.Contains(advice, "okta.orgs.acme.group_lookup_token or okta.orgs.acme.group_lookup_token_file") {
		t.Errorf("the advice is %q", advice)
	}
	spec, have = lookup(true, "one", "")
	have.IdentityProvider.Name, have.IdentityProvider.Unreadable = "Other", []string{"api_token"} // it is sent again
	wantProblems(t, planner.Problems(spec, have), nil)
}

func TestNotes_AnUpdateMayTakeATokenAway(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		asked        bool
		held, handed string
		change, told bool
	}{
		"no update":             {},
		"update":                {change: true, told: true},
		"update, asked for":     {asked: true, held: "one", change: true},
		"update, taken out":     {handed: "one", change: true},
		"no update, handed one": {asked: true, held: "one", handed: "one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, have := lookup(test.asked, test.held, test.handed)
			if test.change {
				have.IdentityProvider.Name = "Other"
			}
			notes := strings.Join(planner.Notes(spec, have), "\n")
			if strings.Contains(notes, `an update of the identity provider "Other" takes an Okta API token for group look-up (api_token) away`) != test.told {
				t.Errorf("notes: %q", notes)
			}
		})
	}
	if notes := strings.Join(planner.Notes(acme(), nothing()), "\n"); strings.Contains(notes, "api_token") {
		t.Errorf("notes: %q", notes)
	}
}

func TestPutIdentityProviderBack_LookupToken(t *testing.T) {
	t.Parallel()
	token := func(fingerprint string) planner.IdentityProvider {
		return planner.IdentityProvider{Name: "Okta", LookupToken: &fingerprint}
	}
	for name, test := range map[string]struct {
		before, given planner.IdentityProvider
		held          string
		want, left    string
	}{
		"none of this":      {planner.IdentityProvider{}, planner.IdentityProvider{}, "", "", ""},
		"the same":          {token("one"), token("one"), "one", "one", ""},
		"another is held":   {token("one"), token("two"), "two", "one", "is the one that the worker holds now"},
		"none is held":      {token("one"), token(""), "", "one", "the worker holds none any more"},
		"one taken out":     {token("one"), token(""), "one", "one", ""},
		"none was known of": {token(""), token("one"), "one", "", "may have had by hand"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := planner.IdentityProvider{Name: "Okta"}
			back, left := planner.PutIdentityProviderBack(test.before, test.given, now)
			got := ""
			if back.LookupToken != nil {
				got = *back.LookupToken
			}
			if got != test.want || back.LooksGroupsUp() != (test.want != "") || len(left) != 0 && test.before.Name != "" {
				t.Errorf("put back with token %q, left %q", got, left)
			}
			if left := planner.LookupTokenLeft(test.given, back, test.held); (left == "") != (test.left == "") || !strings.Contains(left, test.left) {
				t.Errorf("left %q, want %q", left, test.left)
			}
		})
	}
}
