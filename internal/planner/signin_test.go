package planner_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// offering is how people sign in to an application that lists identity providers; redirecting sends them to the only one.
func offering(ids ...string) planner.SignIn { return planner.SignIn{IdentityProviders: ids} }

func redirecting(ids ...string) planner.SignIn {
	return planner.SignIn{IdentityProviders: ids, Redirect: true}
}

// guarding is a document whose policy is attached to the wiki.
func guarding(redirect bool) connection.Spec {
	spec := acme()
	spec.Policy.Applications = []string{"wiki.example"}
	if redirect {
		spec.Policy.AutoRedirect = []string{"Wiki.example"}
	}
	return spec
}

// withWiki is the state with the application as it is listed now.
func withWiki(spec connection.Spec, have planner.State, now planner.SignIn, policies ...string) planner.State {
	wiki := planner.ListedApplication{Application: planner.Application{ID: "wiki", Name: "Wiki", Domain: "wiki.example", SignIn: now}, Policies: policies}
	planner.PickApplications(spec, &have, []planner.ListedApplication{wiki})
	return have
}

// remembering is the state with what the app remembers once all is as declared.
func remembering(spec connection.Spec, have planner.State) planner.State {
	app := planner.WantMemory(spec, have, *have.App, "idp1", "policy1", planner.HandedSecret{})
	have.App = &app
	return have
}

// attachment is the change of the wiki's attachment in the plan.
func attachment(t *testing.T, spec connection.Spec, have planner.State) connection.Change {
	t.Helper()
	for _, change := range planner.Diff(spec, have, "").Changes {
		if change.Resource == connection.ResourceAttachment {
			return change
		}
	}
	t.Fatal("the plan has no attachment")
	return connection.Change{}
}

// applied is how people sign in after a move; nil leaves it as it is.
func applied(t *testing.T, move *planner.SignInMove, now planner.SignIn) planner.SignIn {
	t.Helper()
	if move == nil {
		return now
	}
	next, emptied := move.Apply(now)
	if emptied {
		t.Errorf("%+v empties %+v", move, now)
	}
	return next
}

// TestSignIn_ThereAndBack connects, undoes that, connects again and disconnects: the application offers what it did, to the letter.
func TestSignIn_ThereAndBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before   planner.SignIn
		redirect bool
		want     planner.SignIn
		fields   string
	}{
		"all are offered":               {before: offering(), want: offering()},
		"others alone":                  {before: offering("otp", "saml"), want: offering("otp", "saml", "idp1"), fields: `allowed_idps: "One-time PIN", "saml" -> "One-time PIN", "saml", "Okta"`},
		"ours already":                  {before: offering("idp1", "otp"), want: offering("idp1", "otp")},
		"ours alone already":            {before: offering("idp1"), want: offering("idp1")},
		"another, at once":              {before: redirecting("otp"), want: offering("otp", "idp1"), fields: `allowed_idps: "One-time PIN" -> "One-time PIN", "Okta"; auto_redirect_to_identity: true -> false`},
		"ours, at once already":         {before: redirecting("idp1"), want: redirecting("idp1")},
		"all, ours at once is declared": {before: offering(), redirect: true, want: redirecting("idp1"), fields: `allowed_idps: all -> "Okta"; auto_redirect_to_identity: false -> true`},
		"ours alone, at once declared":  {before: offering("idp1"), redirect: true, want: redirecting("idp1"), fields: "auto_redirect_to_identity: false -> true"},
		"as declared already":           {before: redirecting("idp1"), redirect: true, want: redirecting("idp1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := guarding(test.redirect)
			have := withWiki(spec, connected(acme()), test.before)
			have.ProviderNames = map[string]string{"otp": "One-time PIN"}
			if problems := planner.Problems(spec, have); len(problems) != 0 {
				t.Errorf("problems: %v", problems)
			}
			change := attachment(t, spec, have)
			if got := fieldsOf(change); got != test.fields || change.Action != connection.ActionCreate {
				t.Errorf("the plan says %s %q, want %q", change.Action, got, test.fields)
			}
			move := planner.SignInMoveOf(spec, have, "wiki", "idp1", true)
			if (move != nil) != (test.fields != "") || planner.ChangesSignIn(spec, have) != (test.fields != "") {
				t.Errorf("the move is %+v", move)
			}
			after := applied(t, move, test.before)
			if diff := cmp.Diff(test.want, after); diff != "" {
				t.Errorf("after connect (-want +got):\n%s", diff)
			}
			if move != nil {
				if got := applied(t, new(move.Back()), after); !same(test.before, got) {
					t.Errorf("after a rollback: %+v, want %+v", got, test.before)
				}
			}

			have = withWiki(spec, remembering(spec, have), after, "policy1")
			if plan := planner.Diff(spec, have, ""); len(plan.Moves()) != 0 {
				t.Errorf("the next run would change %+v", plan.Moves())
			}
			if problems := planner.DisconnectProblems(spec, have); (len(problems) != 0) != slices.Contains(test.before.IdentityProviders, "idp1") {
				t.Errorf("disconnecting is refused for %v, which it is to be where others listed ours", problems)
			}
			if got := applied(t, planner.SignInMoveOf(spec, have, "wiki", "idp1", false), after); !same(test.before, got) {
				t.Errorf("after disconnect: %+v, want %+v", got, test.before)
			}
			spec.Policy.Applications, spec.Policy.AutoRedirect = nil, nil
			have = withWiki(spec, have, after, "policy1")
			if change := attachment(t, spec, have); change.Action != connection.ActionDelete || (fieldsOf(change) != "") != (test.fields != "") {
				t.Errorf("without the application the plan says %s %q", change.Action, fieldsOf(change))
			}
		})
	}
}

// same compares to the letter; an application without a list may have an empty one.
func same(a, b planner.SignIn) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

func fieldsOf(change connection.Change) string {
	var fields []string
	for _, field := range change.Fields {
		fields = append(fields, fmt.Sprintf("%s: %s -> %s", field.Name, field.Before, field.After))
	}
	return strings.Join(fields, "; ")
}

// TestSignInMove_Apply moves an application that others changed since the survey.
func TestSignInMove_Apply(t *testing.T) {
	t.Parallel()
	add := planner.SignInMove{From: offering("otp"), To: offering("otp", "idp1")}
	alone := planner.SignInMove{From: offering(), To: redirecting("idp1")}
	for name, test := range map[string]struct {
		move    planner.SignInMove
		now     planner.SignIn
		want    planner.SignIn
		emptied bool
	}{
		"as surveyed":                            {add, offering("otp"), offering("otp", "idp1"), false},
		"done already":                           {add, offering("otp", "idp1"), offering("otp", "idp1"), false},
		"another was added":                      {add, offering("otp", "saml"), offering("otp", "idp1", "saml"), false},
		"it offers all since":                    {add, offering(), offering(), false},
		"taken back":                             {add.Back(), offering("otp", "idp1"), offering("otp"), false},
		"taken back, another was added":          {add.Back(), offering("otp", "saml", "idp1"), offering("otp", "saml"), false},
		"taken back, done already":               {add.Back(), offering("otp"), offering("otp"), false},
		"taken back, the other was taken out":    {add.Back(), offering("idp1"), offering(), true},
		"alone, as surveyed":                     {alone, offering(), redirecting("idp1"), false},
		"alone, another was added":               {alone, offering("otp"), offering("idp1", "otp"), false},
		"alone, taken back":                      {alone.Back(), redirecting("idp1"), offering(), false},
		"alone, taken back, another was added":   {alone.Back(), offering("idp1", "otp"), offering("otp"), false},
		"alone, taken back, redirect taken away": {alone.Back(), offering("idp1"), offering(), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, emptied := test.move.Apply(test.now)
			if !same(test.want, got) || emptied != test.emptied {
				t.Errorf("%+v, emptied %t, want %+v, %t", got, emptied, test.want, test.emptied)
			}
		})
	}
}

// TestSignIn_TheLastOfOthers is never taken away: an empty list offers all of the account.
func TestSignIn_TheLastOfOthers(t *testing.T) {
	t.Parallel()
	spec := guarding(false)
	have := remembering(spec, withWiki(spec, connected(acme()), offering("otp")))
	const says = `application "Wiki" (wiki.example, wiki) offers no other identity provider than "Okta" any more`
	have = withWiki(spec, have, offering("idp1"), "policy1") // someone took the other one out
	wantProblems(t, planner.DisconnectProblems(spec, have), []string{says})
	wantProblems(t, planner.Problems(spec, have), nil)
	spec = acme()
	wantProblems(t, planner.Problems(spec, withWiki(spec, have, offering("idp1"), "policy1")), []string{says})
	wantProblems(t, planner.Problems(spec, withWiki(spec, have, offering(), "policy1")), nil)
}

func TestSignIn_AtOnceBesideOthers_IsRefused(t *testing.T) {
	t.Parallel()
	spec := guarding(true)
	have := withWiki(spec, connected(acme()), offering("otp"))
	wantProblems(t, planner.Problems(spec, have), []string{`application "Wiki" (wiki.example) offers other identity providers too ("otp")`})
}

// TestSignIn_NewIdentityProvider takes the place of one that someone deleted, wherever it was offered.
func TestSignIn_NewIdentityProvider(t *testing.T) {
	t.Parallel()
	spec := guarding(false)
	have := remembering(spec, withWiki(spec, connected(acme()), offering("otp")))
	have.IdentityProvider = nil
	have = withWiki(spec, have, offering("otp", "idp1"), "policy1")
	move := planner.SignInMoveOf(spec, have, "wiki", "idp2", true)
	if got := applied(t, move, offering("otp", "idp1")); !same(offering("otp", "idp2"), got) {
		t.Errorf("it offers %+v", got)
	}
	app := planner.WantMemory(spec, have, *have.App, "idp2", "policy1", planner.HandedSecret{})
	if diff := cmp.Diff([]planner.Offering{{Application: "wiki", Added: true}}, app.Memory.Offered); diff != "" {
		t.Errorf("remembered (-want +got):\n%s", diff)
	}
	if got := applied(t, planner.SignInMoveOf(spec, have, "wiki", "", false), offering("otp", "idp1")); !same(offering("otp"), got) {
		t.Errorf("after disconnect it offers %+v", got)
	}
}

// TestSignIn_NoLongerAtOnce: a document that asks for it no more puts the application back.
func TestSignIn_NoLongerAtOnce(t *testing.T) {
	t.Parallel()
	have := remembering(guarding(true), withWiki(guarding(true), connected(acme()), offering()))
	have = withWiki(guarding(false), have, redirecting("idp1"), "policy1")
	change := attachment(t, guarding(false), have)
	if got := fieldsOf(change); change.Action != connection.ActionUpdate || got != `allowed_idps: "Okta" -> all; auto_redirect_to_identity: true -> false` {
		t.Errorf("the plan says %s %q", change.Action, got)
	}
	if got := remembering(guarding(false), have).App.Memory.Offered; got != nil {
		t.Errorf("remembered: %+v", got)
	}
}

// TestSignInsToChange are those that a survey doubts: a list can be behind.
func TestSignInsToChange(t *testing.T) {
	t.Parallel()
	spec := guarding(false)
	fresh := connected(acme())
	known := remembering(spec, withWiki(spec, fresh, offering("otp")))
	for name, test := range map[string]struct {
		spec connection.Spec
		have planner.State
		want bool
	}{
		"to be added":                      {spec, withWiki(spec, fresh, offering("otp")), true},
		"offers all":                       {spec, withWiki(spec, fresh, offering()), false},
		"was added":                        {spec, withWiki(spec, known, offering("otp", "idp1"), "policy1"), false},
		"was added, the list is behind":    {spec, withWiki(spec, known, offering("otp"), "policy1"), true},
		"was added, the document is other": {acme(), withWiki(acme(), known, offering("otp"), "policy1"), true},
		"not ours to add":                  {acme(), withWiki(acme(), fresh, offering("otp"), "policy1"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := planner.SignInsToChange(test.spec, test.have); (len(got) == 1) != test.want {
				t.Errorf("doubted: %v", got)
			}
		})
	}
}

// TestWithoutSignIn is how runs of earlier versions go on: they leave the sign-in alone.
func TestWithoutSignIn(t *testing.T) {
	t.Parallel()
	spec := guarding(false)
	have := remembering(spec, withWiki(spec, connected(acme()), offering("otp")))
	have = withWiki(spec, have, offering("otp"))
	earlier := have.WithoutSignIn()
	if planner.ChangesSignIn(spec, earlier) || !planner.ChangesSignIn(spec, have) {
		t.Error("a run of an earlier version would change how people sign in, or one of this version not")
	}
	if len(have.App.Memory.Offered) != 1 || len(have.Applications[0].SignIn.IdentityProviders) != 1 {
		t.Error("the state itself was changed")
	}
}

func TestNameProviders(t *testing.T) {
	t.Parallel()
	have := withWiki(guarding(false), connected(acme()), offering("otp", "unlisted"))
	otp := planner.ListedIdentityProvider{IdentityProvider: planner.IdentityProvider{ID: "otp", Name: "One-time PIN"}}
	other := planner.ListedIdentityProvider{IdentityProvider: planner.IdentityProvider{ID: "other", Name: "Other"}}
	planner.NameProviders(&have, []planner.ListedIdentityProvider{other, otp})
	if diff := cmp.Diff(map[string]string{"otp": "One-time PIN"}, have.ProviderNames); diff != "" {
		t.Error(diff)
	}
}
