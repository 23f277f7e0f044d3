package histories

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// found are the sequences that once broke the promise, each as short as it could be made.
var found = map[string]func(*world){
	// The undo of an unassignment waited for a person for ever: Okta answers 404 for an app that is gone.
	"app deleted meanwhile, a group to be assigned again": func(w *world) {
		w.connect(none)
		w.spec.Okta.AssignGroups, w.spec.Policy.Allow.Groups = []string{"Support"}, []string{"Support"}
		w.meanwhile(func(w *world) { hands["deleted the app"](w) })
		w.connect(none)
	},
	// The same, and Okta answers as if the app were gone.
	"app deactivated meanwhile, a group to be assigned again": func(w *world) {
		w.connect(none)
		w.spec.Okta.AssignGroups, w.spec.Policy.Allow.Groups = []string{"Support"}, []string{"Support"}
		w.meanwhile(func(w *world) { hands["deactivated the app"](w) })
		w.connect(none)
	},
	// The undo of a detachment went on for ever: Cloudflare answers 500 for a policy that is gone.
	"policy deleted meanwhile, to be attached again": func(w *world) {
		w.spec.Policy.Applications = []string{"wiki.acme.example"}
		w.connect(none)
		w.spec.Policy.Applications = nil
		w.meanwhile(func(w *world) { hands["deleted the policy"](w) })
		w.connect(none)
	},
	// Putting the policy's rules back waited for a person for ever: Cloudflare takes no rule about what is gone.
	"identity provider deleted meanwhile, the policy to be put back": func(w *world) {
		w.connect(none)
		w.spec.Policy.Allow.Emails = []string{"ceo@acme.example"}
		w.meanwhile(func(w *world) { hands["deleted the identity provider"](w) })
		w.connect(none)
	},
	// The policy was taken for one of others, and the run refused; a disconnect left it behind.
	"identity provider deleted": func(w *world) {
		w.connect(none)
		hands["deleted the identity provider"](w)
		w.connect(none)
		hands["deleted the identity provider"](w)
		w.disconnect(none)
	},
	// Once that was mended, the policy of an identity provider that was gone was preferred to the one in use.
	"identity provider deleted, policy given another name and the first one again": func(w *world) {
		w.connect(none)
		hands["deleted the identity provider"](w)
		w.spec.Policy.Name = "Staff"
		w.connect(none)
		w.spec.Policy.Name = "Okta staff"
		w.connect(none)
	},
	// With that policy found again, a rollback can't give it back the rules that it had.
	"identity provider deleted, then a run that fails": func(w *world) {
		w.connect(none)
		hands["deleted the identity provider"](w)
		w.connect(trouble{update: connection.ResumeUpdate, fault: kit.Fault{Method: "POST", Path: "/oauth2/v1/introspect", Kind: kit.KindStatus, Status: 401}})
		w.connect(none)
	},
	// The rules of a policy that was renamed and renamed back stayed in the order that the run had given them.
	"groups in another order and another name, then a run that fails": func(w *world) {
		w.connect(none)
		w.spec.Okta.AssignGroups, w.spec.Policy.Allow.Groups = []string{"Support", "Engineering"}, []string{"Support", "Engineering"}
		w.spec.Policy.Name = "Staff"
		w.connect(trouble{update: connection.ResumeUpdate, fault: kit.Fault{Method: "POST", Path: "/oauth2/v1/introspect", Kind: kit.KindStatus, Status: 401}})
	},
	"app deleted, then a run that fails": func(w *world) {
		w.connect(none)
		hands["deleted the app"](w)
		w.connect(trouble{update: connection.ResumeUpdate, fault: kit.Fault{Method: "POST", Path: "/oauth2/v1/introspect", Kind: kit.KindStatus, Status: 401}})
		w.connect(none)
		w.disconnect(none)
	},
}

func TestHistories_FoundBefore_KeepThePromise(t *testing.T) {
	t.Parallel()
	for name, sequence := range found {
		t.Run(name, func(t *testing.T) { sequence(newWorld(t, forFound)) })
	}
}
