package histories

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// model is what must be there: the connection's own things by id, "" for none, and those of others with all that they say.
type model struct {
	app, identityProvider, policy string
	others                        map[string]string
	// deleted are the connection's things that somebody deleted.
	deleted []string
}

// thing is an Okta app, an identity provider or an Access policy, as the sandbox holds it.
type thing struct {
	kind   connection.Resource
	fields map[string]any
	text   string
}

func (t thing) name() string {
	if t.kind == connection.ResourceApp {
		return text(t.fields, "label")
	}
	return text(t.fields, "name")
}

// clientID is the client that an app is, or that an identity provider names.
func (t thing) clientID() string {
	if t.kind == connection.ResourceApp {
		return text(t.fields, "credentials", "oauthClient", "client_id")
	}
	return text(t.fields, "config", "client_id")
}

// policy is the thing as an Access policy.
func (t thing) policy() (policy planner.AccessPolicy) {
	_ = json.Unmarshal([]byte(t.text), &policy)
	return policy
}

func text(fields map[string]any, keys ...string) string {
	for _, key := range keys[:len(keys)-1] {
		fields, _ = fields[key].(map[string]any)
	}
	value, _ := fields[keys[len(keys)-1]].(string)
	return value
}

// state is everything on both sides.
func (w *world) state() map[string]any {
	w.t.Helper()
	encoded, err := w.State()
	if err != nil {
		w.t.Fatalf("read the state: %v", err)
	}
	var state map[string]any
	if err := json.Unmarshal([]byte(encoded), &state); err != nil {
		w.t.Fatalf("read the state: %v", err)
	}
	return state
}

// things are everything of the kinds that a connection makes, by id.
func (w *world) things() map[string]thing {
	w.t.Helper()
	state := w.state()
	account := dig(state, "cloudflare", "accounts", w.account)
	found := map[string]thing{}
	for kind, list := range map[connection.Resource]any{
		connection.ResourceApp:              dig(state, "okta acme")["apps"],
		connection.ResourceIdentityProvider: account["identity_providers"],
		connection.ResourcePolicy:           account["policies"],
	} {
		for _, each := range list.([]any) {
			fields := each.(map[string]any)
			encoded, _ := json.Marshal(fields)
			found[text(fields, "id")] = thing{kind, fields, string(encoded)}
		}
	}
	return found
}

func dig(from map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		from, _ = from[key].(map[string]any)
	}
	return from
}

// holds fails the test when there is anything that the model doesn't know, anything missing, or anything of others changed.
func (w *world) holds() {
	w.t.Helper()
	found := w.things()
	for id, each := range found {
		if before, others := w.model.others[id]; others {
			if before != each.text {
				w.t.Logf("before: %s\nnow: %s", before, each.text)
				w.t.Fatalf("an %s of others was changed", each.kind)
			}
			continue
		}
		if id != w.model.app && id != w.model.identityProvider && id != w.model.policy {
			w.t.Logf("it is: %s", each.text)
			w.t.Fatalf("an %s is left that nobody knows of", each.kind)
		}
	}
	for kind, id := range map[connection.Resource]string{
		connection.ResourceApp: w.model.app, connection.ResourceIdentityProvider: w.model.identityProvider, connection.ResourcePolicy: w.model.policy,
	} {
		if _, there := found[id]; id != "" && !there {
			w.t.Fatalf("the %s is gone", kind)
		}
	}
	for id := range w.model.others {
		if _, there := found[id]; !there {
			w.t.Fatalf("a thing of others is gone")
		}
	}
}

// connected checks a run that ended connected, and takes over what it made.
func (w *world) connected(end ending, disturbed bool) {
	w.t.Helper()
	before := w.model.policy
	w.model.app, w.model.identityProvider, w.model.policy = end.result.AppID, end.result.IdentityProviderID, end.result.PolicyID
	found := w.things()
	if old, there := found[before]; there && before != w.model.policy {
		w.model.others[before] = old.text // what somebody's hands made unrecognizable isn't ours any more
	}
	delete(w.model.others, w.model.policy) // found again by its name
	if disturbed {
		return
	}
	app, identityProvider := found[w.model.app], found[w.model.identityProvider]
	if app.name() != w.spec.Okta.AppLabel || !planner.OwnsClientID(w.spec.Name, app.clientID()) || identityProvider.clientID() != app.clientID() {
		w.t.Logf("app: %s\nidentity provider: %s", app.text, identityProvider.text)
		w.t.Fatalf("the run ended connected, but app and identity provider don't fit")
	}
	if moves := w.moves(); len(moves) > 0 {
		w.t.Logf("the moves: %+v", moves)
		w.t.Fatalf("the run ended connected, but a plan still has moves")
	}
}

// recognized tells whether a run finds the connection's policy: by its name and what it refers to, or by its shape.
func (w *world) recognized(found map[string]thing) bool {
	policy := found[w.model.policy].policy()
	if w.model.policy == "" {
		return false
	}
	if w.model.identityProvider == "" {
		return policy.Name == w.spec.Policy.Name && len(policy.Require) == 1 && policy.Decision == "allow" && len(policy.Exclude) == 0
	}
	named := policy.Name == w.spec.Policy.Name && policy.RefersTo(w.model.identityProvider)
	return named || policy.IsOurShape(w.model.identityProvider) && !w.theirsRefer(found)
}

// theirsRefer tells whether a policy of others could be taken for ours.
func (w *world) theirsRefer(found map[string]thing) bool {
	for id := range w.model.others {
		policy := found[id].policy()
		if found[id].kind == connection.ResourcePolicy && policy.RefersTo(w.model.identityProvider) {
			return true
		}
	}
	return false
}

// conflict tells whether something of others has a declared name that ours has not yet.
func (w *world) conflict() bool {
	w.t.Helper()
	found := w.things()
	ours := map[connection.Resource]string{
		connection.ResourceApp: w.model.app, connection.ResourceIdentityProvider: w.model.identityProvider,
	}
	if w.recognized(found) {
		ours[connection.ResourcePolicy] = w.model.policy
	}
	names := map[connection.Resource]string{
		connection.ResourceApp: w.spec.Okta.AppLabel, connection.ResourceIdentityProvider: w.spec.Cloudflare.IDPName, connection.ResourcePolicy: w.spec.Policy.Name,
	}
	for id, each := range found {
		if id == ours[each.kind] || each.name() != names[each.kind] {
			continue
		}
		if own, there := found[ours[each.kind]]; !there || own.name() != each.name() {
			return true
		}
	}
	return false
}

// leaves are the settings of everything on both sides: things by their id, lists of other values as one.
func leaves(value any) map[string]string {
	found := map[string]string{}
	gather(found, "", value)
	return found
}

func gather(found map[string]string, path string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			gather(found, path+"/"+key, inner)
		}
		return
	case []any:
		if len(value) > 0 && slices.IndexFunc(value, func(each any) bool { return idOf(each) == "" }) < 0 {
			for _, each := range value {
				gather(found, path+"/"+idOf(each), each)
			}
			return
		}
		if len(value) == 0 {
			return
		}
	}
	encoded, _ := json.Marshal(value)
	found[path] = string(encoded)
}

func idOf(value any) string {
	fields, _ := value.(map[string]any)
	return text(fields, "id")
}

// differing are the settings that two states don't share.
func differing(a, b map[string]string) []string {
	var paths []string
	for path := range a {
		if a[path] != b[path] {
			paths = append(paths, path)
		}
	}
	for path := range b {
		if _, there := a[path]; !there {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// changes writes out what differs, for the log of a failed test.
func changes(before, after map[string]string, paths []string) string {
	var lines strings.Builder
	for _, path := range paths {
		fmt.Fprintf(&lines, "%s\n  before: %s\n  after:  %s\n", path, before[path], after[path])
	}
	return lines.String()
}

func union(sets ...[]string) []string {
	all := map[string]bool{}
	for _, set := range sets {
		for _, each := range set {
			all[each] = true
		}
	}
	return slices.Collect(maps.Keys(all))
}
