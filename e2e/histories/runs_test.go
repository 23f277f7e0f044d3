package histories

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// trouble is what happens to a run: a fault at one of its calls, or a person who cancels it there.
type trouble struct {
	// side is 0 for Okta, 1 for Cloudflare.
	side  int
	fault kit.Fault
	// cancel cancels the run when the fault has struck.
	cancel bool
	// update is what a person says first to a run that waits.
	update string
}

// none is a run that nothing happens to.
var none = trouble{update: connection.ResumeUpdate}

// passes tells whether the trouble is one that a run must live through.
func (t trouble) passes() bool {
	return !t.cancel && (t.fault.Kind != kit.KindStatus || t.fault.Status >= 500)
}

// run carries a workflow out under the trouble, and returns how it ended and whether it was cancelled on the way.
func (w *world) run(workflow string, trouble trouble) (end ending) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	side := w.sides()[trouble.side]
	if trouble.fault.Kind != "" {
		side.Inject(trouble.fault)
		defer side.ClearFaults()
	}
	run := w.start(ctx, workflow)
	if trouble.cancel && w.until(ctx, run, func() bool { return len(side.Faults()) == 0 }) {
		if err := w.Client.CancelWorkflow(ctx, run.GetID(), run.GetRunID()); err != nil && ctx.Err() != nil {
			w.t.Fatalf("cancel the run: %v", err)
		}
	}
	return w.settle(ctx, run, trouble.update)
}

// connect runs Connect and checks the promise.
func (w *world) connect(trouble trouble) {
	w.t.Helper()
	before, conflict := leaves(w.state()), w.conflict()
	// Where a policy of others is about our identity provider too, either can be the connection's: its name decides.
	unsure := w.theirsRefer(w.things())
	end := w.run(connection.ConnectWorkflow, trouble)
	switch end.state {
	case connection.RunConnected:
		if conflict && !unsure {
			w.t.Fatalf("the run ended connected, although something of others has the name")
		}
		w.connected(end, false)
	case connection.RunRefused, connection.RunRolledBack, connection.RunCancelled:
		if !conflict && !unsure && trouble.passes() {
			w.t.Logf("trouble: %+v\nfailure: %+v", trouble, end.result.Failure)
			w.t.Fatalf("the run should have ended connected, but it was %s", end.state)
		}
		w.asBefore(before, end)
	default:
		w.t.Fatalf("the run ended in state %q", end.state)
	}
	w.holds()
}

// disconnect runs Disconnect and checks the promise.
func (w *world) disconnect(trouble trouble) {
	w.t.Helper()
	before, used := leaves(w.state()), w.usedByOthers()
	end := w.run(connection.DisconnectWorkflow, trouble)
	switch end.state {
	case connection.RunDisconnected:
		found := w.things()
		if policy, left := found[w.model.policy]; left {
			if used || w.recognizedNow(policy) {
				w.t.Fatalf("the run ended disconnected, but the policy is still there")
			}
			w.model.others[w.model.policy] = policy.text
		}
		w.model.app, w.model.identityProvider, w.model.policy = "", "", ""
	case connection.RunRefused, connection.RunCancelled:
		if !used && trouble.passes() {
			w.t.Logf("trouble: %+v\nfailure: %+v", trouble, end.result.Failure)
			w.t.Fatalf("the run should have ended disconnected, but it was %s", end.state)
		}
		w.asBefore(before, end)
	default:
		w.t.Fatalf("the run ended in state %q", end.state)
	}
	w.holds()
}

// recognizedNow tells whether the policy, whose identity provider is gone, is still known for ours by its name.
func (w *world) recognizedNow(policy thing) bool { return policy.name() == w.spec.Policy.Name }

// usedByOthers tells whether others still use what a disconnect would delete.
func (w *world) usedByOthers() bool {
	w.t.Helper()
	found := w.things()
	if w.theirsRefer(found) || (w.model.policy != "" && w.model.identityProvider != "" && !w.recognized(found)) {
		return true
	}
	marked := strings.Split(found[w.model.app].text, `"`)
	for _, application := range w.api.Applications(w.account) {
		if w.uses(application["id"].(string), w.model.policy) && !slices.Contains(marked, application["id"].(string)) &&
			!slices.Contains(w.spec.Policy.Applications, application["domain"].(string)) {
			return true
		}
	}
	return false
}

// uses tells whether an application uses the policy.
func (w *world) uses(applicationID, policyID string) bool {
	applications := dig(w.state(), "cloudflare", "accounts", w.account)["applications"].([]any)
	at := slices.IndexFunc(applications, func(each any) bool { return idOf(each) == applicationID })
	policies, _ := applications[at].(map[string]any)["policies"].([]any)
	return slices.ContainsFunc(policies, func(each any) bool { return idOf(each) == policyID })
}

// asBefore checks a run that ended without having connected: both sides are as they were, but for what can't be put back,
// which the run then names.
func (w *world) asBefore(before map[string]string, end ending) {
	w.t.Helper()
	after := leaves(w.state())
	paths := differing(before, after)
	if len(end.result.Left) > 0 {
		paths = slices.DeleteFunc(paths, w.lostForGood)
	}
	if len(paths) > 0 {
		w.t.Logf("it ended %s, left %q, failure %+v\n%s", end.state, end.result.Left, end.result.Failure, changes(before, after, paths))
		w.t.Fatalf("both sides should be as before")
	}
}

// lostForGood reports whether a setting can't be put back: what it refers to was deleted meanwhile (the secret of an app that is gone, a
// rule about an identity provider that is gone, an assignment to an app that was deactivated), or it is the priority 0 of an
// assignment, which Okta gives to the first group of an app alone.
func (w *world) lostForGood(path string) bool {
	secretOfNothing := w.model.app == "" && strings.HasSuffix(path, "/client_secret")
	ruleOfNothing := w.model.identityProvider == "" && strings.Contains(path, w.model.policy+"/")
	inactive := text(w.things()[w.model.app].fields, "status") == "INACTIVE"
	priority := strings.Contains(path, "/assignments/") && strings.HasSuffix(path, "/priority")
	return secretOfNothing || ruleOfNothing || priority || inactive && strings.Contains(path, "/assignments/")
}

// meanwhile holds a run of Connect at its last step, changes something by hand, and cancels it: what the run did is undone,
// what somebody did stays.
func (w *world) meanwhile(hand func(*world)) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	before := leaves(w.state())
	side := w.sides()[0]
	side.Inject(kit.Fault{Method: "POST", Path: "/oauth2/v1/introspect", Kind: kit.KindDelay, Delay: kit.Duration(time.Minute), Count: 1})
	defer side.ClearFaults()
	run := w.start(ctx, connection.ConnectWorkflow)
	held := w.until(ctx, run, func() bool { return len(side.Faults()) == 0 && w.remembered(ctx, run) })
	ours := before
	if held {
		ours = leaves(w.state())
		hand(w)
	}
	theirs := leaves(w.state())
	if err := w.Client.CancelWorkflow(ctx, run.GetID(), run.GetRunID()); err != nil && ctx.Err() != nil {
		w.t.Fatalf("cancel the run: %v", err)
	}
	end := w.settle(ctx, run, connection.ResumeUpdate)
	if end.state == connection.RunConnected {
		w.connected(end, true)
	} else {
		w.leftAlone(before, ours, theirs, end)
	}
	w.holds()
}

// remembered reports whether a run that is held in its test does nothing else any more: its memory is written at the same time.
func (w *world) remembered(ctx context.Context, run client.WorkflowRun) bool {
	steps := w.progress(ctx, run).Steps
	return len(steps) > 0 && !slices.ContainsFunc(steps, func(step connection.Step) bool {
		return step.Status == connection.StepRunning && !strings.HasPrefix(step.ID, "TestConnection")
	})
}

// leftAlone checks a run that was undone after somebody changed something: ours is what the run had made of both sides by then,
// theirs what somebody made of that.
func (w *world) leftAlone(before, ours, theirs map[string]string, end ending) {
	w.t.Helper()
	after := leaves(w.state())
	touched := differing(ours, theirs)
	named := len(end.result.Left) > 0
	for _, path := range union(differing(before, after), touched) {
		hand := slices.Contains(touched, path)
		_, existed := before[path]
		switch {
		case hand && after[path] == theirs[path]:
			if existed && before[path] != ours[path] && before[path] != after[path] && !named {
				w.t.Logf("%s", changes(before, after, []string{path}))
				w.t.Fatalf("what somebody changed was left, but not named")
			}
		case !hand && after[path] == before[path], hand && !w.outlives(path, before):
		case named && w.lostForGood(path), slices.ContainsFunc(w.model.deleted, func(id string) bool { return strings.Contains(path, "/"+id+"/") }):
		default:
			w.t.Logf("by hand: %v, left %q\n%s\nthe run made of it: %s\nsomebody made of it: %s", hand, end.result.Left,
				changes(before, after, []string{path}), ours[path], theirs[path])
			w.t.Fatalf("a setting is neither as before nor as somebody made it")
		}
	}
}

// outlives tells whether the thing that a setting is of existed before the run, so that the run's end must not delete it.
func (w *world) outlives(path string, before map[string]string) bool {
	for id := range w.things() {
		if strings.Contains(path, "/"+id+"/") {
			for known := range before {
				if strings.Contains(known, "/"+id+"/") {
					return true
				}
			}
		}
	}
	return false
}
