package cloudflare_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// TestChangePolicies_SomeoneElseUndoesIt_IsDoneAgain has someone else write an application back as it was, right after each of the
// first changes.
func TestChangePolicies_SomeoneElseUndoesIt_IsDoneAgain(t *testing.T) {
	t.Parallel()
	const application, policy, other = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", "699d98642c564d2e855e9661899b7252", "799d98642c564d2e855e9661899b7252"
	for name, test := range map[string]struct {
		undone, changes int
		detach, fails   bool
	}{
		"attach, by none":         {undone: 0, changes: 1},
		"attach, once":            {undone: 1, changes: 2},
		"attach, every time":      {undone: 9, changes: 3, fails: true},
		"detach, by none":         {undone: 0, changes: 1, detach: true},
		"detach, twice":           {undone: 2, changes: 3, detach: true},
		"detach, all of the time": {undone: 9, changes: 3, detach: true, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uses := []string{other}
			if test.detach {
				uses = append(uses, policy)
			}
			puts := 0
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut {
					var sent struct {
						Policies []struct {
							ID string `json:"id"`
						} `json:"policies"`
					}
					if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
						t.Error(err)
					}
					if puts++; puts > test.undone {
						uses = nil
						for _, each := range sent.Policies {
							uses = append(uses, each.ID)
						}
					}
				}
				policies := []any{}
				for _, id := range uses {
					policies = append(policies, map[string]any{"id": id})
				}
				send(w, http.StatusOK, map[string]any{"id": application, "policies": policies}, nil)
			})
			var err error
			if test.detach {
				err = client.DetachPolicy(t.Context(), application, policy, nil)
			} else {
				err = client.AttachPolicy(t.Context(), application, policy, planner.AtTheEnd, nil, nil)
			}
			if failure := transport.As(err); (err != nil) != test.fails || test.fails && !failure.Retryable() {
				t.Errorf("got %v", err)
			}
			if puts != test.changes {
				t.Errorf("%d changes were made, want %d", puts, test.changes)
			}
			if there := slices.Contains(uses, policy); !test.fails && there == test.detach {
				t.Errorf("the application uses %v", uses)
			}
		})
	}
}
