package activities_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// prepared is one attempt of a step, ready to be made.
type prepared func(how ...func(*attempt)) error

// prepare readies an attempt of a step, or of its undoing.
func prepare[In, Done any](w *world, do func(context.Context, In) (Done, error), undo func(context.Context, In) (activities.Reverted, error), undoing bool, input In) prepared {
	return func(how ...func(*attempt)) (err error) {
		if undoing {
			_, err = try(w, undo, input, how...)
		} else {
			_, err = try(w, do, input, how...)
		}
		return err
	}
}

func app(w *world, move activities.AppMove, undo bool) prepared {
	return prepare(w, w.steps.CreateOktaApp, w.steps.RevertOktaApp, undo, move)
}

func claim(w *world, move activities.ClaimMove, undo bool) prepared {
	return prepare(w, w.steps.SetGroupsClaim, w.steps.RevertGroupsClaim, undo, move)
}

func provider(w *world, move activities.IdentityProviderMove, undo bool) prepared {
	return prepare(w, w.steps.RegisterIdentityProvider, w.steps.RevertIdentityProvider, undo, move)
}

func policy(w *world, move activities.PolicyMove, undo bool) prepared {
	return prepare(w, w.steps.CreateAccessPolicy, w.steps.RevertAccessPolicy, undo, move)
}

func memory(w *world, move activities.MemoryMove, undo bool) prepared {
	return prepare(w, w.steps.WriteMemory, w.steps.RevertMemory, undo, move)
}

// everyMove are the steps and their undoings, each with something to do for it.
var everyMove = map[string]func(w *world) prepared{
	"create the app": func(w *world) prepared { return app(w, w.app(), false) },
	"update the app": func(w *world) prepared {
		move := w.createApp()
		have := move.Want
		have.Status, move.Want.Label, move.Have = "INACTIVE", "New", &have
		_ = w.org.SetAppStatus(have.ID, "INACTIVE")
		return app(w, move, false)
	},
	"delete the app": func(w *world) prepared { return app(w, w.createApp(), true) },
	"delete the app of a lost answer": func(w *world) prepared {
		move := w.createApp()
		move.Want.ID, move.Uncertain = "", lost(late)
		return app(w, move, true)
	},
	"put the app back": func(w *world) prepared {
		move := w.createApp()
		have := w.theApp(move.Want.ID).App
		have.Label, have.Status, move.Want.Status, move.Have = "Before", "INACTIVE", planner.AppActive, &have
		return app(w, move, true)
	},
	"set the claim": func(w *world) prepared { return claim(w, w.claim(w.createApp()), false) },
	"put the claim back": func(w *world) prepared {
		move := w.claim(w.createApp())
		must(w, w.steps.SetGroupsClaim, move)
		return claim(w, move, true)
	},
	"read the credentials": func(w *world) prepared {
		ref := activities.AppRef{Fence: w.fence, Org: "acme", AppID: w.createApp().Want.ID}
		return func(how ...func(*attempt)) error {
			_, err := try(w, w.steps.ReadClientCredentials, ref, how...)
			return err
		}
	},
	"register the identity provider": func(w *world) prepared { return provider(w, w.provider(w.createApp()), false) },
	"find the identity provider of a lost answer": func(w *world) prepared {
		move := w.provider(w.createApp())
		w.copyProvider(move.Want)
		w.copyProvider(move.Want)
		move.Uncertain = lost(late)
		return provider(w, move, false)
	},
	"delete the identity providers": func(w *world) prepared {
		_, move := w.register()
		w.copyProvider(move.Want)
		move.Uncertain = lost(late)
		w.api.AddPolicy(accountID, map[string]any{"name": "Was", "decision": "allow", "include": []any{}})
		return provider(w, move, true)
	},
	"put the identity provider back": func(w *world) prepared {
		_, move := w.register()
		have := named(move.Want, "Before")
		move.Have = &have
		return provider(w, move, true)
	},
	"create the policy": func(w *world) prepared { _, p := w.register(); return policy(w, w.policy(p), false) },
	"find the policy of a lost answer": func(w *world) prepared {
		_, p := w.register()
		move := w.policy(p)
		w.copyPolicy(move.Want)
		w.copyPolicy(move.Want)
		move.Uncertain = lost(late)
		return policy(w, move, false)
	},
	"delete the policies": func(w *world) prepared {
		_, _, move := w.allow()
		w.copyPolicy(move.Want)
		move.Uncertain = lost(late)
		return policy(w, move, true)
	},
	"put the policy back": func(w *world) prepared {
		_, _, move := w.allow()
		have := move.Want
		have.Name, move.Have = "Before", &have
		return policy(w, move, true)
	},
	"write the memory": func(w *world) prepared {
		return memory(w, w.memory(w.createApp().Want.ID, "idp-0001", "policy-0001"), false)
	},
	"put the memory back": func(w *world) prepared {
		move := w.memory(w.createApp().Want.ID, "idp-0001", "policy-0001")
		must(w, w.steps.WriteMemory, move)
		return memory(w, move, true)
	},
	"survey": func(w *world) prepared {
		w.remembered()
		return func(how ...func(*attempt)) error {
			_, err := try(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}, how...)
			return err
		}
	},
	"test the connection": func(w *world) prepared {
		test := w.connected()
		test.Lost = true
		w.copyProvider(test.IdentityProvider)
		w.copyPolicy(*test.Policy)
		return func(how ...func(*attempt)) error { _, err := try(w, w.steps.TestConnection, test, how...); return err }
	},
}

// TestEveryCallOfEveryStep_RefusedOnce_FailsTheAttemptAndNotTheStep: an attempt whose call was refused never succeeds, and the next
// one ends where it would have ended without.
func TestEveryCallOfEveryStep_RefusedOnce_FailsTheAttemptAndNotTheStep(t *testing.T) {
	t.Parallel()
	for name, ready := range everyMove {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			undisturbed := newWorld(t)
			step := ready(undisturbed)
			calls := []int{len(undisturbed.okta.Requests()), len(undisturbed.cf.Requests())}
			if err := step(); err != nil {
				t.Fatal(err)
			}
			calls[0], calls[1] = len(undisturbed.okta.Requests())-calls[0], len(undisturbed.cf.Requests())-calls[1]
			for side, of := range calls {
				for at := range of {
					refuseOnce(t, undisturbed, ready, side, at)
				}
			}
		})
	}
}

// refuseOnce refuses one call of the step's first attempt, at one side, by a rate limit: nothing was carried out.
func refuseOnce(t *testing.T, undisturbed *world, ready func(w *world) prepared, side, at int) {
	t.Helper()
	w := newWorld(t)
	step, server, heard := ready(w), []*kit.Server{w.okta, w.cf}[side], &beats{}
	server.Inject(kit.Fault{Kind: kit.KindStatus, Status: 429, Body: "{}", Skip: at, Count: 1})
	err := step(heard.hear)
	struck := len(server.Faults()) == 0
	server.ClearFaults()
	if !struck {
		return // a call that only sometimes is made, such as a second look at what was deleted
	}
	if kind := typeOf(err); !strings.HasSuffix(kind, ".rate_limited") && kind != "ConnectionTestFailed" {
		t.Errorf("call %d of side %d is refused, and the attempt ends with %v", at, side, err)
		return
	}
	asked := heard.last().Until
	wantFailure(t, err, typeOf(err), true)
	err = step(func(a *attempt) { a.number, a.waited, a.left = 2, time.Second, map[string]any{"until": asked} })
	if err != nil {
		t.Errorf("call %d of side %d is refused, and the next attempt ends with %v", at, side, err)
	}
	if diff := cmp.Diff(shape(undisturbed), shape(w)); diff != "" {
		t.Errorf("call %d of side %d is refused, and both sides differ (-without +with):\n%s", at, side, diff)
	}
}

// shape is how both sides are, without ids.
func shape(w *world) []string {
	var shape []string
	for _, app := range w.apps() {
		found := w.theApp(app)
		shape = append(shape, "app "+found.Label+" "+found.Status)
	}
	for _, each := range w.api.IdentityProviders(accountID) {
		shape = append(shape, "identity provider "+each["name"].(string))
	}
	for _, each := range w.api.Policies(accountID) {
		shape = append(shape, "policy "+each["name"].(string))
	}
	return shape
}
