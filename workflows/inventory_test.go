package workflows_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// held makes the steps of an inventory find connection acme in org b, two in org a, and have org c refuse.
func held(t *testing.T) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	env := newRun(t, &script{})
	var steps *activities.Activities
	env.OnActivity(steps.ListOrgs, mock.Anything).Return(activities.HeldOrgs{Orgs: []string{"a", "b", "c"}}, nil)
	env.OnActivity(steps.ListConnections, mock.Anything, mock.Anything).Return(func(_ context.Context, request activities.InventoryRequest) (activities.Listed, error) {
		existing := func(name, id string) connection.Existing {
			return connection.Existing{Connection: name, Org: request.Org, AppID: id}
		}
		switch request.Org {
		case "a":
			return activities.Listed{Connections: []connection.Existing{existing("globex", "1"), existing("acme", "3")}}, nil
		case "b":
			return activities.Listed{Connections: []connection.Existing{existing("acme", "2")}}, nil
		}
		return activities.Listed{}, refusal()
	})
	return env
}

// inventory is what an inventory with the input returns.
func inventory(t *testing.T, input ...any) (found connection.Inventory, err error) {
	t.Helper()
	env := held(t)
	env.ExecuteWorkflow(connection.InventoryWorkflow, input...)
	if err := env.GetWorkflowError(); err != nil {
		return found, err
	}
	return found, env.GetWorkflowResult(&found)
}

func TestInventory_TellsOfEveryOrg_AndNamesWhatItCouldNotRead(t *testing.T) {
	t.Parallel()
	for name, input := range map[string][]any{"no input": nil, "an empty request": {connection.InventoryRequest{}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := inventory(t, input...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, each := range found.Connections {
				got = append(got, each.Connection+" in "+each.Org)
			}
			if diff := cmp.Diff([]string{"acme in a", "acme in b", "globex in a"}, got); diff != "" {
				t.Errorf("connections (-want +got):\n%s", diff)
			}
			if !slices.Equal(found.Orgs, []string{"a", "b", "c"}) || len(found.Unread) != 1 || found.Unread[0].Org != "c" || found.Unread[0].Failure.Advice != "mend it" {
				t.Errorf("asked %v, unread %+v", found.Orgs, found.Unread)
			}
		})
	}
}

func TestInventory_OfNamedOrgs_AsksThoseAlone(t *testing.T) {
	t.Parallel()
	found, err := inventory(t, connection.InventoryRequest{Name: "acme", Orgs: []string{"b", "b"}})
	if err != nil || !slices.Equal(found.Orgs, []string{"b"}) || len(found.Connections) != 1 || len(found.Unread) != 0 {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestInventory_MisreadInput_IsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		input any
		want  string
	}{
		"a misspelt key":    {map[string]any{"org": []string{"b"}}, "org is not a known key; did you mean orgs?"},
		"of another case":   {map[string]any{"Name": "acme"}, "Name is not a known key; did you mean name?"},
		"not a request":     {"acme", "the input is not a request for an inventory"},
		"a key of the kind": {map[string]any{"name": 7}, "the input is not a request for an inventory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := inventory(t, test.input)
			var failed *temporal.ApplicationError
			if !errors.As(err, &failed) || failed.Type() != connection.ErrorRefused || !strings.Contains(failed.Message(), test.want) {
				t.Errorf("it ended with %v, want it refused: %s", err, test.want)
			}
		})
	}
}
