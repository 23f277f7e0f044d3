package e2e

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// failLast starts a run of an edited document that does everything but ends rolled back, and does something when it has changed the
// groups and not yet the policy. The document assigns the groups, or those of the test's connection.
func (b *bench) failLast(meanwhile func() error, groups ...string) connection.Result {
	b.t.Helper()
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: policiesPath + "/*", Kind: kit.KindStatus, Status: 503})
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	edited := b.spec()
	edited.Policy.Allow.Emails = []string{"carol@acme.example"}
	if len(groups) > 0 {
		edited.Okta.AssignGroups, edited.Policy.Allow.Groups = groups, groups
	}
	run := b.start(connection.ConnectWorkflow, edited)
	b.eventually("the policy is tried", func() bool { return stepOf(b.progress(run), "CreateAccessPolicy").Attempt > 1 })
	if err := meanwhile(); err != nil {
		b.t.Fatal(err)
	}
	b.cloudflare().ClearFaults()
	return b.failure(run, connection.ErrorRolledBack)
}

func TestConnect_Unassigned_ARollbackPutsTheAssignmentBackAsItWas(t *testing.T) {
	b := setUp(t, nil)
	org := b.Sandbox.Orgs["acme"].Org
	app := b.connect(b.spec()).AppID
	leads, sales := org.CreateGroup(okta.Group{Name: "Leads"}), org.GroupID("Sales")
	profile := map[string]any{"team": "north", "number": json.Number("9007199254740993")}
	if err := errors.Join(org.AssignGroup(app, leads), org.AssignGroup(app, sales), org.SetAssignment(app, sales, 3, profile)); err != nil {
		t.Fatal(err)
	}
	before := b.state()
	if result := b.failLast(func() error { return nil }); len(result.Left) != 0 {
		t.Errorf("left %q", result.Left)
	}
	if want := `"number": 9007199254740993`; !strings.Contains(b.state(), want) {
		t.Errorf("the profile has no %s any more", want)
	}
	b.unassignedAsBefore(before, sales)
	b.unassignedAsBefore(before, leads)
}

func TestConnect_UnassignedPriorityZero_ARollbackPutsBackWhatOktaLetsIt(t *testing.T) {
	for name, test := range map[string]struct {
		// groups are what the document assigns then. Engineering has priority 0 before, Support 1.
		groups []string
		// behind is how long lists of assignments go on showing what was taken away.
		behind time.Duration
		left   string
		// moved is how Engineering is assigned after the rollback.
		moved string
	}{
		"every group is replaced":  {groups: []string{"Sales"}, moved: `"priority": 0`},
		"the list is behind":       {groups: []string{"Sales"}, behind: 3 * time.Second, moved: `"priority": 0`},
		"the others are replaced":  {groups: []string{"Engineering", "Sales"}, moved: `"priority": 0`},
		"another one stays beside": {groups: []string{"Support", "Sales"}, left: `the group "Support" comes before it or beside it, with 1`, moved: `"priority": 1`},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			app, org := b.connect(b.spec()).AppID, b.Sandbox.Orgs["acme"].Org
			engineering, support := org.GroupID("Engineering"), org.GroupID("Support")
			// They were assigned at the same moment: either can have been the first.
			if err := errors.Join(org.UnassignGroup(app, engineering), org.UnassignGroup(app, support), org.AssignGroup(app, engineering), org.AssignGroup(app, support)); err != nil {
				t.Fatal(err)
			}
			before := b.state()
			if test.behind > 0 {
				b.okta().Inject(kit.Fault{Path: "/api/v1/apps/*/groups", Kind: kit.KindLag, Delay: kit.Duration(test.behind), After: []string{"delete"}})
			}
			result := b.failLast(func() error { return nil }, test.groups...)
			if left := strings.Join(result.Left, "\n"); (left == "") != (test.left == "") || !strings.Contains(left, test.left) {
				t.Errorf("left %q, want %q", result.Left, test.left)
			}
			if got := assignmentOf(b.state(), engineering); !strings.Contains(got, test.moved) {
				t.Errorf("the assignment is %s, want %s", got, test.moved)
			}
			if test.left == "" {
				b.unassignedAsBefore(before, engineering)
				b.unassignedAsBefore(before, support)
			}
		})
	}
}

// unassignedAsBefore compares the lines of a group's assignment.
func (b *bench) unassignedAsBefore(before, group string) {
	b.t.Helper()
	b.same(assignmentOf(before, group), assignmentOf(b.state(), group))
}

// assignmentOf cuts a group's assignment to the app out of a state.
func assignmentOf(state, group string) string {
	_, assignments, _ := strings.Cut(state, `"assignments": [`)
	_, from, _ := strings.Cut(assignments, `"id": "`+group+`"`)
	of, _, _ := strings.Cut(from, `"id": `)
	return of
}

func TestConnect_Unassigned_ARollbackLeavesWhatSomebodyElseDid(t *testing.T) {
	for name, test := range map[string]struct {
		// meanwhile is what somebody does while the run is under way.
		meanwhile func(b *bench, app, sales string) error
		left      string
		// kept is the assignment that is theirs.
		kept string
	}{
		"another group has its priority": {func(b *bench, app, _ string) error {
			org := b.Sandbox.Orgs["acme"].Org
			return org.SetAssignment(app, org.GroupID("Support"), 7, nil)
		}, "", "Support"}, // Okta lets two have the same
		"the group is assigned": {func(b *bench, app, sales string) error {
			org := b.Sandbox.Orgs["acme"].Org
			return errors.Join(org.AssignGroup(app, sales), org.SetAssignment(app, sales, 4, map[string]any{"team": "theirs"}))
		}, "was made anew by someone else since", "Sales"},
		"the app is deleted": {func(b *bench, app, _ string) error { return b.Sandbox.Orgs["acme"].Org.DeleteApp(app) }, "the app was deleted", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			org := b.Sandbox.Orgs["acme"].Org
			app, sales := b.connect(b.spec()).AppID, org.GroupID("Sales")
			if err := errors.Join(org.AssignGroup(app, sales), org.SetAssignment(app, sales, 7, map[string]any{"team": "north"})); err != nil {
				t.Fatal(err)
			}
			var theirs string
			result := b.failLast(func() error {
				err := test.meanwhile(b, app, sales)
				theirs = b.state()
				return err
			})
			if left := strings.Join(result.Left, "\n"); (left == "") != (test.left == "") || !strings.Contains(left, test.left) {
				t.Errorf("left %q, want %q", result.Left, test.left)
			}
			if test.kept != "" {
				b.unassignedAsBefore(theirs, org.GroupID(test.kept))
			}
		})
	}
}

func TestConnect_UnassigningIsRefused_NothingIsToldOfTheAssignment(t *testing.T) {
	b := setUp(t, nil)
	org := b.Sandbox.Orgs["acme"].Org
	app, sales, leads := b.connect(b.spec()).AppID, org.GroupID("Sales"), org.CreateGroup(okta.Group{Name: "Leads"})
	if err := errors.Join(org.AssignGroup(app, sales), org.AssignGroup(app, leads), org.SetAssignment(app, leads, 3, nil)); err != nil {
		t.Fatal(err)
	}
	before := b.state()
	b.okta().Inject(kit.Fault{Method: "DELETE", Path: assignmentPath, Kind: kit.KindStatus, Status: 403})
	if result := b.failure(b.start(connection.ConnectWorkflow, b.spec()), connection.ErrorRolledBack); len(result.Left) != 0 {
		t.Errorf("left %q", result.Left)
	}
	b.unchanged(before)
}
