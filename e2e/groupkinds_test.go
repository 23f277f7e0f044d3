package e2e

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// inDirectory puts alice into a group of the company's directory, as well as into one of Okta's own.
func inDirectory(groups ...okta.Group) func(*host.Options) {
	return func(o *host.Options) {
		org := &o.Orgs[0]
		org.Groups = append(org.Groups, groups...)
		for _, group := range groups {
			org.Users[0].Groups = append(org.Users[0].Groups, group.Name)
		}
	}
}

// letsIn is a document that lets in one group to the wiki, with a claim.
func (b *bench) letsIn(group string, claim connection.GroupsClaim) connection.Spec {
	spec := b.withWiki()
	spec.Okta.AssignGroups, spec.Okta.GroupsClaim = []string{group}, claim
	spec.Policy.Allow = connection.Allow{Groups: []string{group}}
	return spec.WithDefaults()
}

func TestConnect_GroupOfADirectory_ItsMembersGetInByAnExpression(t *testing.T) {
	for name, claim := range map[string]connection.GroupsClaim{
		"assigned":   {Assigned: true},
		"expression": {Expression: `Groups.startsWith("active_directory", "AD ", 100)`},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, inDirectory(okta.Group{Name: "AD Staff", Type: "APP_GROUP"}))
			spec := b.letsIn("AD Staff", claim)
			b.connect(spec)
			if in, why := b.signsIn("Okta"); !in {
				t.Errorf("alice doesn't get in: %s", why)
			}
			if plan := b.plan(spec); len(plan.Moves()) != 0 {
				t.Errorf("the next plan is %+v", plan.Moves())
			}
		})
	}
}

func TestPlan_GroupOfADirectoryUnderAFilter_IsRefusedWithTheWayOut(t *testing.T) {
	b := setUp(t, inDirectory(okta.Group{Name: "AD Staff", Type: "APP_GROUP"}))
	before := b.state()
	spec := b.letsIn("AD Staff", connection.GroupsClaim{})
	for _, operation := range []string{connection.PlanWorkflow, connection.ConnectWorkflow} {
		id := connection.WorkflowID(spec.Name)
		if operation == connection.PlanWorkflow {
			id = connection.PlanWorkflowID(spec.Name)
		}
		refused := b.failure(b.startAs(id, operation, spec), connection.ErrorRefused)
		said := refused.Failure.Message + " " + refused.Failure.Advice
		if !strings.Contains(said, "the group \"AD Staff\"") || !strings.Contains(said, "set okta.groups_claim to {assigned: true}") {
			t.Errorf("%s was refused for %q", operation, said)
		}
	}
	b.unchanged(before)
	b.onlyRead()
	// The way out.
	b.connect(b.letsIn("AD Staff", connection.GroupsClaim{Assigned: true}))
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
}

// TestConnect_GroupByItsID_LetsInItsMembersAlone has two groups of one name, as a directory and Okta can have: alice is in one, bob in
// the other.
func TestConnect_GroupByItsID_LetsInItsMembersAlone(t *testing.T) {
	b := setUp(t, nil)
	org := b.Sandbox.Orgs["acme"].Org
	ours, theirs := org.CreateGroup(okta.Group{Name: "Staff"}), org.CreateGroup(okta.Group{Name: "Staff", Type: "APP_GROUP"})
	for login, group := range map[string]string{"alice@acme.example": theirs, "bob@acme.example": ours} {
		if err := org.AddMember(group, login); err != nil {
			t.Fatal(err)
		}
	}
	refused := b.failure(b.start(connection.ConnectWorkflow, b.letsIn("Staff", connection.GroupsClaim{Assigned: true})), connection.ErrorRefused)
	if said := refused.Failure.Message + refused.Failure.Advice; !strings.Contains(said, "id:"+ours) || !strings.Contains(said, theirs+", imported") {
		t.Errorf("by its name it was refused for %q", said)
	}
	spec := b.letsIn("id:"+theirs, connection.GroupsClaim{Assigned: true})
	spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "Support") // bob may sign in, and is no member
	b.connect(spec)
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
	outcome, err := b.Sandbox.SignIn(b.ctx, "acme", "/cdn-cgi/access/login/wiki.acme.example", "Okta", "bob@acme.example")
	if err != nil || outcome.Allowed {
		t.Errorf("bob, of a group with the same name, gets in: %+v, %v", outcome, err)
	}
	if plan := b.plan(spec); len(plan.Moves()) != 0 {
		t.Errorf("the next plan is %+v", plan.Moves())
	}
	result := b.result(b.start(connection.DisconnectWorkflow, spec))
	if len(result.Left) != 0 {
		t.Errorf("left %q", result.Left)
	}
}

func TestConnect_GroupNamesThatPeopleGave_LetTheirMembersIn(t *testing.T) {
	for name, group := range map[string]string{
		"emoji of several characters": "👩\u200d💻 Developers", "a flag": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "white space at the ends": " Staff\u00a0",
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, inDirectory(okta.Group{Name: group}))
			spec := b.letsIn(group, connection.GroupsClaim{})
			b.connect(spec)
			if in, why := b.signsIn("Okta"); !in {
				t.Errorf("alice doesn't get in: %s", why)
			}
			if plan := b.plan(spec); len(plan.Moves()) != 0 {
				t.Errorf("the next plan is %+v", plan.Moves())
			}
		})
	}
}

func TestConnect_AppInFederationBrokerMode_IsPutRightOrRefused(t *testing.T) {
	b := setUp(t, nil)
	app := b.connect(b.withWiki()).AppID
	broker := func(body map[string]any) { body["settings"].(map[string]any)["implicitAssignment"] = true }
	b.edit(app, broker)
	if moves := b.plan(b.withWiki()).Moves(); len(moves) != 1 || moves[0].Fields[0].Name != "federation_broker_mode" {
		t.Errorf("the plan is %+v", moves)
	}
	b.connect(b.withWiki())
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
	if outcome, _ := b.Sandbox.SignIn(b.ctx, "acme", "/cdn-cgi/access/login/wiki.acme.example", "Okta", "carol@acme.example"); !strings.Contains(outcome.Reason, "not assigned") {
		t.Errorf("carol, whom the app isn't assigned to, was told %q", outcome.Reason)
	}
	b.result(b.start(connection.DisconnectWorkflow, b.withWiki()))

	b.edit(b.appByHand(), broker)
	before := b.state()
	spec := b.withWiki()
	spec.Adopt = true
	refused := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRefused)
	if !strings.Contains(refused.Failure.Message, "is in Federation Broker Mode") {
		t.Errorf("an adoption was refused for %q", refused.Failure.Message)
	}
	b.unchanged(before)
}
