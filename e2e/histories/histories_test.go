package histories

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// TestHistories_AnySequence_KeepsThePromise is the promise: after a run that ended connected there is nothing left to do and
// one of each thing; after any other, both sides are as before; and never is there anything that nobody knows of.
func TestHistories_AnySequence_KeepsThePromise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, forRandom)
		t.Repeat(map[string]func(*rapid.T){
			"edit":             func(t *rapid.T) { w.spec = editing(t, w.spec) },
			"connect":          func(*rapid.T) { w.connect(none) },
			"edit and connect": func(t *rapid.T) { w.spec = editing(t, w.spec); w.connect(none) },
			"connect with a fault": func(t *rapid.T) {
				w.connect(faulty(t))
			},
			"edit and connect with a fault": func(t *rapid.T) { w.spec = editing(t, w.spec); w.connect(faulty(t)) },
			"edit, connect and cancel":      func(t *rapid.T) { w.spec = editing(t, w.spec); w.connect(cancelling(t)) },
			"by hand": func(t *rapid.T) {
				if !hands[hand(t)](w) {
					t.Skip("there is nothing to do it to")
				}
				w.holds()
			},
			"edit, connect, by hand meanwhile": func(t *rapid.T) {
				w.spec = editing(t, w.spec)
				chosen := hands[meantime(t)]
				w.meanwhile(func(w *world) { chosen(w) })
			},
			"connect twice, lists otherwise": func(t *rapid.T) {
				w.shown(listing(t), func() { w.connect(none); w.connect(none) })
			},
			"edit, connect and disconnect, lists otherwise": func(t *rapid.T) {
				w.spec = editing(t, w.spec)
				w.shown(listing(t), func() { w.connect(none); w.disconnect(none) })
			},
			"edit and connect, ours in no list": func(t *rapid.T) {
				fault, possible := w.hidden()
				if !possible {
					t.Skip("there is nothing to hide, or something of others is in the way")
				}
				w.spec = editing(t, w.spec)
				if w.conflict() {
					t.Skip("something of others has the name")
				}
				w.shown(fault, func() { w.connect(none) })
			},
			"edit, connect, terminated, and at once the next": func(t *rapid.T) {
				w.spec = editing(t, w.spec)
				if !w.undisturbed() || len(w.model.deleted) > 0 {
					t.Skip("something of others is in the way")
				}
				side, method, skip := at(t)
				fault := lateness(t)
				fault.Method, fault.Skip = method, skip
				w.terminate(side, fault, rapid.SampledFrom([]string{connection.ConnectWorkflow, connection.DisconnectWorkflow}).Draw(t, "next"))
			},
			"reset an earlier run": func(t *rapid.T) {
				if len(w.runs) < 2 {
					t.Skip("there was no later run")
				}
				which := rapid.IntRange(0, len(w.runs)-2).Draw(t, "which")
				w.resetEarlier(w.runs[which], rapid.IntRange(0, 30).Draw(t, "task"))
				w.runs = slices.Delete(w.runs, which, which+1)
				w.holds()
			},
			"disconnect":              func(*rapid.T) { w.disconnect(none) },
			"disconnect with a fault": func(t *rapid.T) { w.disconnect(faulty(t)) },
		})
	})
}

// editing draws another version of the document.
func editing(t *rapid.T, spec connection.Spec) connection.Spec {
	subset := func(name string, least int, of ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), least, len(of), rapid.ID).Draw(t, name)
	}
	spec.Okta.AppLabel = rapid.SampledFrom([]string{"Cloudflare Access", "Access"}).Draw(t, "label")
	spec.Okta.GroupsClaim.Value = rapid.SampledFrom([]string{".*", "[A-Z].*"}).Draw(t, "claim")
	spec.Okta.AssignGroups = subset("groups", 1, "Engineering", "Support", "Sales")
	spec.Cloudflare.IDPName = rapid.SampledFrom([]string{"Okta", "Sign in"}).Draw(t, "login method")
	spec.Cloudflare.PKCE = new(rapid.Bool().Draw(t, "PKCE"))
	spec.Policy.Name = rapid.SampledFrom([]string{"Okta staff", "Staff"}).Draw(t, "policy")
	spec.Policy.Allow.Groups = spec.Okta.AssignGroups
	spec.Policy.Allow.Emails = subset("e-mails", 0, "ceo@acme.example", "carol@acme.example")
	spec.Policy.Applications = subset("applications", 0, "wiki.acme.example", "dashboard.acme.example")
	spec.OnFailure = rapid.SampledFrom([]connection.OnFailure{connection.OnFailureRollback, connection.OnFailurePause}).Draw(t, "on failure")
	return spec
}

// at draws a call of a run.
func at(t *rapid.T) (side int, method string, skip int) {
	side = rapid.IntRange(0, 1).Draw(t, "side")
	method = rapid.SampledFrom([]string{"", "POST", "PUT", "DELETE"}).Draw(t, "method")
	return side, method, rapid.IntRange(0, 5).Draw(t, "calls before")
}

// faulty draws a fault that strikes one call.
func faulty(t *rapid.T) trouble {
	side, method, skip := at(t)
	fault := rapid.SampledFrom([]kit.Fault{
		lateness(t),
		{Kind: kit.KindStatus, Status: 503},
		{Kind: kit.KindStatusAfter, Status: 500},
		{Kind: kit.KindDropBefore},
		{Kind: kit.KindDropAfter},
		{Kind: kit.KindGarbage},
		{Kind: kit.KindStatus, Status: 401},
		{Kind: kit.KindStatus, Status: 403},
	}).Draw(t, "fault")
	fault.Method, fault.Skip, fault.Count = method, skip, 1
	update := rapid.SampledFrom([]string{connection.ResumeUpdate, connection.RollbackUpdate}).Draw(t, "person says")
	return trouble{side: side, fault: fault, update: update}
}

// cancelling draws a call during which the run is cancelled.
func cancelling(t *rapid.T) trouble {
	side, method, skip := at(t)
	kind := rapid.SampledFrom([]string{kit.KindDelay, kit.KindDelayAfter}).Draw(t, "carried out")
	return trouble{
		side: side, cancel: true, update: connection.ResumeUpdate,
		fault: kit.Fault{Method: method, Skip: skip, Count: 1, Kind: kind, Delay: kit.Duration(time.Minute)},
	}
}

func hand(t *rapid.T) string {
	return rapid.SampledFrom(slices.Sorted(maps.Keys(hands))).Draw(t, "somebody")
}

// meantime draws what somebody can do during a run without holding it up for good: a policy that somebody attached can't be
// deleted, so that the run would wait for a person.
func meantime(t *rapid.T) string {
	return rapid.SampledFrom(slices.DeleteFunc(slices.Sorted(maps.Keys(hands)), func(name string) bool {
		return name == "attached the policy" || name == "cleared up"
	})).Draw(t, "somebody, meanwhile")
}
