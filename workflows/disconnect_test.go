package workflows_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// whole is a connection as a survey finds it.
func whole() planner.State {
	have := nothing()
	have.App = &planner.App{ID: "0oa1", Label: "Cloudflare Access", Connection: "acme", ClientID: planner.ClientID("acme", 1), Applications: []string{"app1"}}
	have.IdentityProvider = &planner.IdentityProvider{ID: "idp1", Name: "Okta", ClientID: have.App.ClientID, OktaAccount: have.OktaURL}
	have.Policy = &planner.AccessPolicy{ID: "policy1", Name: "Okta staff"}
	have.Applications = []planner.Application{{ID: "app1", Domain: "wiki.acme.example", UsesPolicy: true}}
	return have
}

// TestDisconnect_TakesAwayInOrder_FencedByItsRun: a disconnect that is reset takes nothing away that a later run made.
func TestDisconnect_TakesAwayInOrder_FencedByItsRun(t *testing.T) {
	t.Parallel()
	s := &script{have: whole()}
	s.then = func(name string) {
		if name == "RevertOktaApp" {
			s.have = nothing()
		}
	}
	env := newRun(t, s)
	env.ExecuteWorkflow(connection.DisconnectWorkflow, acme())
	var result connection.Result
	if err := env.GetWorkflowResult(&result); err != nil || result.State != connection.RunDisconnected {
		t.Fatalf("it ended %s: %v", result.State, err)
	}
	want := []string{
		"Survey", "DetachPolicy app1 (1)", "DeletePolicy (1)", "DeleteIdentityProvider (1)", "DeleteOktaApp (1)",
		"prove that nothing is left (1.1)",
	}
	if diff := cmp.Diff(want, s.ends); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	for step, fence := range map[string]activities.Fence{
		"DetachPolicy":           moved[activities.Attachment](t, s, "DetachPolicy").Fence,
		"RevertAccessPolicy":     moved[activities.PolicyMove](t, s, "RevertAccessPolicy").Fence,
		"RevertIdentityProvider": moved[activities.IdentityProviderMove](t, s, "RevertIdentityProvider").Fence,
		"RevertOktaApp":          moved[activities.AppMove](t, s, "RevertOktaApp").Fence,
	} {
		if fence.Run != "default-test-run-id" || fence.Connection != "acme" {
			t.Errorf("%s is fenced by %+v", step, fence)
		}
	}
}
