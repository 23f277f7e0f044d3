package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// assigning is the test's connection for these groups, of which the policy lets one in.
func (b *bench) assigning(groups ...string) connection.Spec {
	spec := b.spec()
	spec.Okta.AssignGroups = groups
	spec.Policy.Allow.Groups = []string{"Engineering"}
	return spec
}

// prioritised are the priorities that the app's assignments have, of these groups.
func (b *bench) prioritised(groups ...string) (priorities []string) {
	b.t.Helper()
	state := b.state()
	for _, group := range groups {
		_, after, _ := strings.Cut(assignmentOf(state, b.Sandbox.Orgs["acme"].Org.GroupID(group)), `"priority": `)
		priority, _, _ := strings.Cut(after, "\n")
		priorities = append(priorities, strings.TrimSuffix(priority, ","))
	}
	return priorities
}

func TestConnect_DocumentIsReordered_PrioritiesFollow(t *testing.T) {
	for name, test := range map[string]struct {
		groups []string
		// moved are the groups whose priority the plan changes; the others are left alone.
		moved []string
		want  []string
		// behind is how long lists go on showing what was before.
		behind time.Duration
	}{
		"the other way round":        {[]string{"Sales", "Support", "Engineering"}, []string{"Support", "Engineering"}, []string{"3", "4", "5"}, 0},
		"the list is behind":         {[]string{"Sales", "Support", "Engineering"}, []string{"Support", "Engineering"}, []string{"3", "4", "5"}, 3 * time.Second},
		"one comes first":            {[]string{"Everyone", "Engineering", "Support", "Sales"}, []string{"Engineering", "Support", "Sales"}, []string{"1", "2", "3", "4"}, 0},
		"one goes from the middle":   {[]string{"Engineering", "Sales"}, nil, []string{"1", "3"}, 0},
		"one is replaced by another": {[]string{"Engineering", "Everyone", "Sales"}, nil, []string{"1", "2", "3"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			first := b.assigning("Engineering", "Support", "Sales")
			app := b.connect(first).AppID
			org := b.Sandbox.Orgs["acme"].Org
			if err := org.SetAssignment(app, org.GroupID("Support"), 2, map[string]any{"team": "north"}); err != nil {
				t.Fatal(err)
			}
			before := b.prioritised("Engineering", "Support", "Sales")
			if test.behind > 0 {
				b.okta().Inject(kit.Fault{Path: "/api/v1/apps/*/groups", Kind: kit.KindLag, Delay: kit.Duration(test.behind), After: []string{"update"}})
			}
			edited := b.assigning(test.groups...)
			result := b.connect(edited)
			var moved []string
			for _, change := range result.Changes {
				if change.Resource == connection.ResourceGroupAssignment && change.Action == connection.ActionUpdate {
					moved = append(moved, change.Name)
				}
			}
			if diff := cmp.Diff(test.moved, moved); diff != "" {
				t.Errorf("moved (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, b.prioritised(test.groups...)); diff != "" {
				t.Errorf("priorities (-want +got):\n%s", diff)
			}
			if slices.Contains(test.groups, "Support") && !strings.Contains(assignmentOf(b.state(), org.GroupID("Support")), `"team": "north"`) {
				t.Error("the assignment lost its profile")
			}
			if again := b.connect(edited); actions(again.Changes, connection.ActionUnchanged) != nil {
				t.Errorf("the next run changed %v", actions(again.Changes, connection.ActionUnchanged))
			}
			if diff := cmp.Diff([]string{"1", "2", "3"}, before); diff != "" {
				t.Errorf("priorities at first (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnect_DocumentIsReordered_ARollbackPutsThePrioritiesBack(t *testing.T) {
	for name, test := range map[string]struct {
		// meanwhile is what someone does while the run is under way.
		meanwhile func(b *bench, app, engineering string) error
		left      string
		// want are the priorities of Engineering, Support and Sales after it.
		want []string
	}{
		"nobody came between": {func(*bench, string, string) error { return nil }, "", []string{"1", "2", "3"}},
		"someone gave another": {func(b *bench, app, engineering string) error {
			return b.Sandbox.Orgs["acme"].Org.SetAssignment(app, engineering, 9, nil)
		}, "was changed by someone else since", []string{"9", "2", "3"}},
		"the group was taken away": {
			func(b *bench, app, engineering string) error {
				return b.Sandbox.Orgs["acme"].Org.UnassignGroup(app, engineering)
			},
			"was taken away by someone else since",
			[]string{"", "2", "3"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			org := b.Sandbox.Orgs["acme"].Org
			app := b.connect(b.assigning("Engineering", "Support", "Sales")).AppID
			result := b.failLast(func() error { return test.meanwhile(b, app, org.GroupID("Engineering")) }, "Support", "Sales", "Engineering")
			if left := strings.Join(result.Left, "\n"); (left == "") != (test.left == "") || !strings.Contains(left, test.left) {
				t.Errorf("left %q, want %q", result.Left, test.left)
			}
			if diff := cmp.Diff(test.want, b.prioritised("Engineering", "Support", "Sales")); diff != "" {
				t.Errorf("priorities (-want +got):\n%s", diff)
			}
		})
	}
}

// TestConnect_PrioritiesAreChangedMeanwhile_TheTestSaysSo: nothing is connected as declared whose groups are in another order.
func TestConnect_PrioritiesAreChangedMeanwhile_TheTestSaysSo(t *testing.T) {
	b := setUp(t, nil)
	org := b.Sandbox.Orgs["acme"].Org
	spec := b.assigning("Engineering", "Support")
	app := b.connect(spec).AppID
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: policiesPath + "/*", Kind: kit.KindStatus, Status: 503})
	spec.Policy.Allow.Emails = []string{"carol@acme.example"}
	run := b.start(connection.ConnectWorkflow, spec)
	b.eventually("the policy is tried", func() bool { return stepOf(b.progress(run), "CreateAccessPolicy").Attempt > 1 })
	if err := org.SetAssignment(app, org.GroupID("Engineering"), 7, nil); err != nil {
		t.Fatal(err)
	}
	b.cloudflare().ClearFaults()
	failure := b.failure(run, connection.ErrorRolledBack).Failure
	if want := `the group "Engineering" has the priority 7, and "Support", which the document names after it, 2`; !strings.Contains(fmt.Sprint(failure.Message, failure.Problems), want) {
		t.Errorf("it failed with %+v, want %s", failure, want)
	}
}
