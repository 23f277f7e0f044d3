package planner

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

// Memory is what the profile of a connection's Okta app tells of the connection. It is written after what it tells of, so it
// can be old, but it is never false. It holds no secret.
type Memory struct {
	// Run is the run that wrote it, by the ID that a reset keeps, and Started when that run started. An app that was just
	// created has these alone.
	Run     string    `json:"run,omitempty" form:"text"`
	Started time.Time `json:"started,omitzero"`
	// MadeBy is the run that made the app, as Temporal told the worker. It is written once: nothing that a step is asked for changes it. ""
	// in an app that was taken over, or that an earlier version made.
	MadeBy string `json:"made_by,omitempty" form:"text"`
	// IdentityProvider and Policies are the ids of what the connection consists of at Cloudflare, Groups those of the groups
	// that it assigned at Okta.
	IdentityProvider string   `json:"identity_provider,omitempty" form:"cloudflare"`
	Policies         []string `json:"policies,omitempty" form:"cloudflare"`
	Groups           []string `json:"groups,omitempty" form:"okta"`
	// Offered are the applications whose people sign in otherwise because of the connection.
	Offered []Offering `json:"offered,omitempty"`
	// Secret is the client secret that Cloudflare was handed, without its value.
	Secret HandedSecret `json:"client_secret,omitzero"`
	// LookupToken is the fingerprint of the token for group look-up that Cloudflare was handed; "" for none.
	LookupToken string `json:"lookup_token,omitempty" form:"text"`
	// Document is the document that the connection was made from, with its defaults.
	Document json.RawMessage `json:"document,omitempty"`
}

// HandedSecret names a client secret by its id and by Okta's hash of it.
type HandedSecret struct {
	ID   string `json:"id,omitempty" form:"okta"`
	Hash string `json:"hash,omitempty" form:"text"`
}

// Complete reports whether a run wrote it after it had connected.
func (m *Memory) Complete() bool { return m != nil && m.IdentityProvider != "" }

// memorySettings are what a run changes of an app's memory, and puts back. Who wrote it belongs to what was written.
var memorySettings = []setting[App]{
	set("profile.applications", "the memory", func(a *App) *[]string { return &a.Applications }),
	of("profile.memory", "the memory", func(a *App) **Memory { return &a.Memory }, sameMemory, func(*Memory) string { return "" }),
}

// sameMemory compares what is remembered, whoever wrote it.
func sameMemory(a, b *Memory) bool {
	one, other := valueOf(a), valueOf(b)
	return one.IdentityProvider == other.IdentityProvider && slices.Equal(one.Policies, other.Policies) && sameSet(one.Groups, other.Groups) &&
		one.Secret == other.Secret && one.LookupToken == other.LookupToken && sameOfferings(one.Offered, other.Offered) && canonical(one.Document) == canonical(other.Document)
}

// canonical is a document with its keys in order: a provider gives it back in an order of its own.
func canonical(document json.RawMessage) string {
	var value any
	if json.Unmarshal(document, &value) != nil {
		return string(document)
	}
	ordered, _ := json.Marshal(value) // what was decoded can be encoded
	return string(ordered)
}

// WantMemory is the app as it is to remember the connection. before is the app as it is otherwise.
func WantMemory(spec connection.Spec, have State, app App, identityProviderID, policyID string, secret HandedSecret) App {
	want := app
	want.Applications = WantApplications(have)
	if secret == (HandedSecret{}) && app.Memory != nil {
		secret = app.Memory.Secret
	}
	want.Memory = &Memory{
		IdentityProvider: identityProviderID, Policies: []string{policyID}, Secret: secret, Offered: wantOfferings(spec, have, identityProviderID),
	}
	if spec.Cloudflare.GroupLookup {
		want.Memory.LookupToken = have.LookupToken
	}
	for _, group := range wantGroups(spec, have) {
		want.Memory.Groups = append(want.Memory.Groups, group.ID)
	}
	want.Memory.Document, _ = json.Marshal(declared(spec)) // a document that was decoded can be encoded
	return want
}

// declared is what a document says of the connection, without what it says of how a run goes about it.
func declared(spec connection.Spec) connection.Spec {
	spec.Adopt, spec.OnFailure, spec.PauseTimeout, spec.TimeBudget = false, "", 0, 0
	return spec
}

// DiffMemory compares what an app remembers with what it is to remember.
func DiffMemory(have *App, want App) connection.Change {
	before := valueOf(have)
	change := moveOf(connection.ResourceMemory, "profile of "+want.Label, before.ID, have != nil && have.Memory != nil, differences(memorySettings, before, want))
	change.Fields = nil // ids, which say nothing to a person who reads a plan
	return change
}

// PutMemoryBack is what an app remembers when a run is undone.
func PutMemoryBack(before, given, now App) (back App, left []string) {
	return putBack(memorySettings, Title(connection.ResourceApp, now.Label), before, given, now)
}
