package activities_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
)

const lookupToken = "00group-lookup-token"

// holds has the worker hold a token for group look-up; "" for none.
func (w *world) holds(token string) {
	w.steps.LookupTokens = map[string]func() (secret.Secret, error){}
	if token != "" {
		w.steps.LookupTokens["acme"] = func() (secret.Secret, error) { return secret.New(token), nil }
	}
}

func fingerprint(token string) *string { return new(secret.New(token).Fingerprint()) }

func TestSurvey_LookupToken_ItsFingerprintWhereTheDocumentAsksForIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.holds(lookupToken)
	if found := w.survey().LookupToken; found != "" {
		t.Errorf("found %q, though nobody asked", found)
	}
	w.spec.Cloudflare.GroupLookup = true
	if found := w.survey().LookupToken; found != *fingerprint(lookupToken) {
		t.Errorf("found %q", found)
	}
	w.holds("")
	if found := w.survey().LookupToken; found != "" {
		t.Errorf("found %q, though none is held", found)
	}
	w.steps.LookupTokens["acme"] = func() (secret.Secret, error) { return secret.Secret{}, errors.New("no such file") }
	told := wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}), "NoCredentials", false)
	if !strings.Contains(told.Message, "no such file") || !strings.Contains(told.Advice, "okta.orgs.acme.group_lookup_token_file") {
		t.Errorf("told %+v", told.Detail)
	}
}

func TestRegisterIdentityProvider_LookupToken_EveryUpdateSendsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.holds(lookupToken)
	move := w.provider(w.createApp())
	move.Want.LookupToken = fingerprint(lookupToken)
	move.Identify(must(w, w.steps.RegisterIdentityProvider, move))
	holds := func(want any) {
		t.Helper()
		if got := w.config(move.Want.ID)["api_token"]; got != want {
			t.Errorf("Cloudflare holds %v, want %v", got, want)
		}
	}
	holds(lookupToken)
	update := move
	update.Have, update.Want = new(move.Want), named(move.Want, "Sign in")
	must(w, w.steps.RegisterIdentityProvider, update)
	holds(lookupToken)
	if reverted := must(w, w.steps.RevertIdentityProvider, update); reverted.Left != nil {
		t.Errorf("left %q", reverted.Left)
	}
	holds(lookupToken)

	w.holds("")
	told := wantFailure(t, refused(w, w.steps.RegisterIdentityProvider, update), "NoCredentials", false)
	if !strings.Contains(told.Advice, "okta.orgs.acme.group_lookup_token") {
		t.Errorf("told %+v", told.Detail)
	}
	holds(lookupToken)
}

// TestRevertIdentityProvider_LookupToken: it is put back as far as the worker holds it, and named otherwise.
func TestRevertIdentityProvider_LookupToken(t *testing.T) {
	t.Parallel()
	none := new("")
	for name, test := range map[string]struct {
		before, given *string
		held          string // at the rollback
		want          any
		left          string
	}{
		"it was taken out":                        {fingerprint(lookupToken), none, lookupToken, lookupToken, ""},
		"it was given":                            {none, fingerprint(lookupToken), lookupToken, nil, "may have had by hand"},
		"another one was given":                   {fingerprint("an-earlier-token"), fingerprint(lookupToken), lookupToken, lookupToken, "the earlier one is not held any more"},
		"it was taken out, and is held no longer": {fingerprint(lookupToken), none, "", nil, "put it in again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.holds(lookupToken)
			_, move := w.register()
			before := move.Want
			before.LookupToken = test.before
			move.Have, move.Want.LookupToken = &before, test.given
			must(w, w.steps.RegisterIdentityProvider, move)
			w.holds(test.held)
			reverted := must(w, w.steps.RevertIdentityProvider, move)
			if got := w.config(move.Want.ID)["api_token"]; got != test.want {
				t.Errorf("Cloudflare holds %v, want %v", got, test.want)
			}
			if left := strings.Join(reverted.Left, "\n"); (left == "") != (test.left == "") || !strings.Contains(left, test.left) {
				t.Errorf("left %q, want %q", left, test.left)
			}
		})
	}
}

// TestTestConnection_LookupToken: what Cloudflare doesn't tell can't be checked.
func TestTestConnection_LookupToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	test.IdentityProvider.LookupToken = fingerprint(lookupToken)
	must(w, w.steps.TestConnection, test)
	if change := planner.DiffIdentityProvider(nil, test.IdentityProvider); len(change.Fields) == 0 {
		t.Error("a plan to make one tells nothing of it")
	}
}
