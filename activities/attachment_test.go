package activities_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// TestAttachPolicy_SignInAlone is put back where someone detached the policy: nothing is attached again.
func TestAttachPolicy_SignInAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	must(w, w.steps.DetachPolicy, activities.Attachment{Fence: w.fence, Account: "acme", ApplicationID: test.Applications[0], PolicyID: test.PolicyID})
	pin, ours := w.oneTimePIN(), test.IdentityProvider.ID
	w.api.AllowIdentityProviders(accountID, test.Applications[0], pin)
	move := activities.Attachment{
		Fence: w.fence, Account: "acme", ApplicationID: test.Applications[0], Undo: true,
		SignIn: &planner.SignInMove{From: planner.SignIn{IdentityProviders: []string{pin}}, To: planner.SignIn{IdentityProviders: []string{pin, ours}}},
	}
	if reverted := must(w, w.steps.AttachPolicy, move); len(reverted.Left) != 0 {
		t.Errorf("left: %q", reverted.Left)
	}
	wiki := w.api.Applications(accountID)[0]
	if got, want := fmt.Sprint(wiki["allowed_idps"], wiki["policies"]), fmt.Sprintf("[%s %s] []", pin, ours); got != want {
		t.Errorf("the application has %s, want %s", got, want)
	}
	w.cf.ByHand(kit.HandRequest{Method: http.MethodDelete, Path: "/client/v4/accounts/" + accountID + "/access/apps/" + test.Applications[0]})
	wantLeft(t, must(w, w.steps.AttachPolicy, move, settledAgain), test.Applications[0])
}
