package cloudflare_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
	sandbox "github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

// wikiSignIn is how people sign in to the application, as it is stored.
func (f fixture) wikiSignIn(application string) string {
	for _, stored := range f.api.Applications(account) {
		if stored["id"] == application {
			return fmt.Sprintf("%v %v, %d policies", stored["allowed_idps"], stored["auto_redirect_to_identity"], len(stored["policies"].([]any)))
		}
	}
	return ""
}

// TestAttachPolicy_SignIn_IsChangedBesideAndBack also without a policy.
func TestAttachPolicy_SignIn_IsChangedBesideAndBack(t *testing.T) {
	t.Parallel()
	f := serve(t)
	ours := f.register(t)
	theirs := f.api.AddIdentityProvider(account, sandbox.IdentityProvider{Name: "Theirs", Type: "okta"})
	policy, err := f.CreatePolicy(f.ctx, staff(ours))
	if err != nil {
		t.Fatal(err)
	}
	application := f.api.Applications(account)[0]["id"].(string)
	only, both := planner.SignIn{IdentityProviders: []string{theirs}, Redirect: true}, planner.SignIn{IdentityProviders: []string{theirs, ours}}
	add := &planner.SignInMove{From: only, To: both}
	open, alone := planner.SignIn{}, planner.SignIn{IdentityProviders: []string{ours}, Redirect: true}
	atOnce := &planner.SignInMove{From: open, To: alone}
	for name, test := range map[string]struct {
		before           planner.SignIn
		move             *planner.SignInMove
		policy           string
		untouched, moved string
	}{
		"with a policy":    {only, add, policy, fmt.Sprintf("[%s] true, 0 policies", theirs), fmt.Sprintf("[%s %s] false, 1 policies", theirs, ours)},
		"by itself":        {only, add, "", fmt.Sprintf("[%s] true, 0 policies", theirs), fmt.Sprintf("[%s %s] false, 0 policies", theirs, ours)},
		"at once":          {open, atOnce, policy, "[] false, 0 policies", fmt.Sprintf("[%s] true, 1 policies", ours)},
		"at once, no more": {open, atOnce, "", "[] false, 0 policies", fmt.Sprintf("[%s] true, 0 policies", ours)},
	} {
		f.api.AllowIdentityProviders(account, application, test.before.IdentityProviders...)
		f.api.EditApplication(account, application, func(stored map[string]any) { stored["auto_redirect_to_identity"] = test.before.Redirect })
		for range 2 { // it can be repeated
			if err := f.AttachPolicy(f.ctx, application, test.policy, planner.AtTheEnd, test.move, nil); err != nil {
				t.Fatal(name, err)
			}
		}
		if got := f.wikiSignIn(application); got != test.moved {
			t.Errorf("%s: %s, want %s", name, got, test.moved)
		}
		if err := f.DetachPolicy(f.ctx, application, test.policy, new(test.move.Back())); err != nil {
			t.Fatal(name, err)
		}
		if got := f.wikiSignIn(application); got != test.untouched {
			t.Errorf("%s, taken back: %s, want %s", name, got, test.untouched)
		}
	}
}

// TestDetachPolicy_LastOfAList_IsNotTakenOut: the application would offer all of the account.
func TestDetachPolicy_LastOfAList_IsNotTakenOut(t *testing.T) {
	t.Parallel()
	f := serve(t)
	ours := f.register(t)
	application := f.api.Applications(account)[0]["id"].(string)
	f.api.AllowIdentityProviders(account, application, ours)
	move := &planner.SignInMove{From: planner.SignIn{IdentityProviders: []string{"theirs", ours}}, To: planner.SignIn{IdentityProviders: []string{"theirs"}}}
	err := f.DetachPolicy(f.ctx, application, "", move)
	if !transport.Is(err, transport.Conflict) || !strings.Contains(err.Error(), "it would offer all of the account") {
		t.Errorf("got %v", err)
	}
	if got := f.wikiSignIn(application); !strings.Contains(got, ours) {
		t.Errorf("it offers %s", got)
	}
}
