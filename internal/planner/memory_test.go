package planner_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func TestMemory_Complete(t *testing.T) {
	t.Parallel()
	var none *planner.Memory
	begun := &planner.Memory{Run: "r", Started: time.Unix(1, 0)}
	if none.Complete() || begun.Complete() || !remembers("idp1").Complete() {
		t.Error("a memory is complete when a run wrote it that had connected")
	}
}

func TestWantMemory_TellsWhatTheConnectionConsistsOf(t *testing.T) {
	t.Parallel()
	state := connected(acme())
	state.Named = []planner.FoundApplication{{Entry: "wiki.example", IDs: []string{"wiki"}}, {Entry: "*.example", IDs: []string{"one", "two"}}}
	secret := planner.HandedSecret{ID: "s1", Hash: "h1"}
	app := planner.WantMemory(acme(), state, *state.App, "idp9", "policy9", secret)
	if diff := cmp.Diff([]string{"wiki"}, app.Applications); diff != "" {
		t.Errorf("applications (-want +got):\n%s", diff)
	}
	want := planner.Memory{IdentityProvider: "idp9", Policies: []string{"policy9"}, Groups: []string{"00g1", "00g2"}, Secret: secret, Document: app.Memory.Document}
	if diff := cmp.Diff(want, *app.Memory); diff != "" {
		t.Errorf("memory (-want +got):\n%s", diff)
	}
	again := planner.WantMemory(acme(), state, app, "idp9", "policy9", planner.HandedSecret{})
	if again.Memory.Secret != secret {
		t.Errorf("the secret that was handed before is forgotten: %+v", again.Memory.Secret)
	}
}

// TestWantMemory_Document_SaysNothingOfHowARunGoesAboutIt: else a connect with another time budget would be a change.
func TestWantMemory_Document_SaysNothingOfHowARunGoesAboutIt(t *testing.T) {
	t.Parallel()
	state := connected(acme())
	spec := acme()
	spec.Adopt, spec.OnFailure, spec.PauseTimeout, spec.TimeBudget = true, connection.OnFailurePause, 1, 2
	if moves := planner.Diff(spec, state, "").Moves(); moves != nil {
		t.Errorf("moves: %+v", moves)
	}
	spec.Policy.Allow.Emails = nil
	document := string(planner.WantMemory(spec, state, *state.App, "i", "p", planner.HandedSecret{}).Memory.Document)
	if strings.Contains(document, "adopt") || strings.Contains(document, "ceo@") || !strings.Contains(document, `"Engineering"`) {
		t.Errorf("the document is %s", document)
	}
}

func TestDiffMemory(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hand func(*planner.App)
		want connection.Action
	}{
		"as it is to be":              {func(*planner.App) {}, connection.ActionUnchanged},
		"taken away":                  {func(a *planner.App) { a.Memory = nil }, connection.ActionCreate},
		"another writer":              {func(a *planner.App) { a.Memory.Run, a.Memory.Started = "other", time.Unix(1, 0) }, connection.ActionUnchanged},
		"another identity provider":   {func(a *planner.App) { a.Memory.IdentityProvider = "other" }, connection.ActionUpdate},
		"another policy":              {func(a *planner.App) { a.Memory.Policies = []string{"other"} }, connection.ActionUpdate},
		"a policy more":               {func(a *planner.App) { a.Memory.Policies = append(a.Memory.Policies, "other") }, connection.ActionUpdate},
		"a group less":                {func(a *planner.App) { a.Memory.Groups = a.Memory.Groups[:1] }, connection.ActionUpdate},
		"groups in another order":     {func(a *planner.App) { a.Memory.Groups = []string{"00g2", "00g1"} }, connection.ActionUnchanged},
		"another application":         {func(a *planner.App) { a.Applications = []string{"other"} }, connection.ActionUpdate},
		"the document in other words": {func(a *planner.App) { a.Memory.Document = shuffled(a.Memory.Document) }, connection.ActionUnchanged},
		"another document":            {func(a *planner.App) { a.Memory.Document = json.RawMessage(`{}`) }, connection.ActionUpdate},
		"another look-up token":       {func(a *planner.App) { a.Memory.LookupToken = "other" }, connection.ActionUpdate},
		"no document":                 {func(a *planner.App) { a.Memory.Document = json.RawMessage(`<html>`) }, connection.ActionUpdate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := connected(acme())
			test.hand(state.App)
			want := planner.WantMemory(acme(), state, *state.App, "idp1", "policy1", planner.HandedSecret{})
			change := planner.DiffMemory(state.App, want)
			if change.Action != test.want || change.Fields != nil {
				t.Errorf("the change is %s, with fields %v", change.Action, change.Fields)
			}
		})
	}
}

// shuffled is the same JSON with its keys in another order, as a provider gives it back.
func shuffled(document json.RawMessage) json.RawMessage {
	var value map[string]json.RawMessage
	if err := json.Unmarshal(document, &value); err != nil {
		panic(err)
	}
	name := value["name"]
	delete(value, "name")
	rest, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return json.RawMessage(strings.TrimSuffix(string(rest), "}") + `, "name":` + string(name) + "}")
}

// TestDiff_Memory_IsAChangeOfItsOwnOnlyWithoutAnother: it follows from all else.
func TestDiff_Memory_IsAChangeOfItsOwnOnlyWithoutAnother(t *testing.T) {
	t.Parallel()
	state := connected(acme())
	if told := planner.Diff(acme(), state, "").Of(connection.ResourceMemory); told != nil {
		t.Errorf("a plan tells of a memory that stays as it is: %+v", told)
	}
	state.App.Memory = nil
	want := []connection.Change{{Resource: connection.ResourceMemory, Name: "profile of Cloudflare Access", ID: "0oa1", Action: connection.ActionCreate}}
	if diff := cmp.Diff(want, planner.Diff(acme(), state, "").Moves()); diff != "" {
		t.Errorf("moves (-want +got):\n%s", diff)
	}
	state.App.Status = "INACTIVE"
	if moves := planner.Diff(acme(), state, "").Moves(); len(moves) != 1 || moves[0].Resource != connection.ResourceApp {
		t.Errorf("moves: %+v", moves)
	}
}
