package activities_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// TestRevertIdentityProvider_DeletesWhatTheRunMadeAlone, and names what else signs people in through the app.
func TestRevertIdentityProvider_DeletesWhatTheRunMadeAlone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lost, ownClient, known bool
		gone                   string // which of made, duplicate (to the letter) and theirs (another name)
		named                  int
	}{
		"by its id":                                 {ownClient: true, known: true, gone: "made", named: 2},
		"by its id, client of others":               {known: true, gone: "made"},
		"by its id, an answer lost":                 {lost: true, ownClient: true, known: true, gone: "made duplicate", named: 1},
		"by its id, an answer lost, others' client": {lost: true, known: true, gone: "made duplicate", named: 1},
		"an answer lost":                            {lost: true, ownClient: true, gone: "made duplicate", named: 1},
		"no answer lost, nothing made":              {ownClient: true, named: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, move := w.register()
			ids := map[string]string{"made": move.Want.ID, "duplicate": w.copyProvider(move.Want), "theirs": w.copyProvider(named(move.Want, "Theirs"))}
			move.OwnClient = test.ownClient
			if test.lost {
				move.Uncertain = lost(late)
			}
			if !test.known {
				move.Want.ID = ""
			}
			reverted := must(w, w.steps.RevertIdentityProvider, move)
			var want []string
			for _, which := range []string{"made", "duplicate", "theirs"} {
				if !strings.Contains(test.gone, which) {
					want = append(want, ids[which])
				}
			}
			wantIDs(t, "identity providers", w.providers(), want...)
			if len(reverted.Left) != test.named {
				t.Errorf("left: %q", reverted.Left)
			}
		})
	}
}

// TestRevertIdentityProvider_ListStillShowsWhatWasDeleted: it is not named as someone's.
func TestRevertIdentityProvider_ListStillShowsWhatWasDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, move := w.register()
	w.cf.Inject(kit.Fault{Kind: kit.KindLag, Path: providersPath, Delay: forever, After: []string{kit.AfterDelete}})
	if reverted := must(w, w.steps.RevertIdentityProvider, move); reverted.Left != nil {
		t.Errorf("left %q", reverted.Left)
	}
	wantIDs(t, "identity providers", w.providers())
}

func TestRevertIdentityProvider_AnswerLost_LooksForAsManyAsWereAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.provider(w.createApp())
	move.Uncertain = lost(time.Second)
	wantFailure(t, refused(w, w.steps.RevertIdentityProvider, move), "AnswerLost", true)
	w.copyProvider(move.Want)
	must(w, w.steps.RevertIdentityProvider, move) // the one that was asked for is found: nothing else can come
	wantIDs(t, "identity providers", w.providers())
	w.copyProvider(move.Want)
	move.Uncertain = lost(time.Second, time.Second/2)
	wantFailure(t, refused(w, w.steps.RevertIdentityProvider, move), "AnswerLost", true)
	wantIDs(t, "identity providers", w.providers())
}

// TestRevertIdentityProvider_OthersUseIt_IsLeftToAPerson: they came to use it while the run was open.
// byHand has an administrator of the account make something, and gives its id.
func (w *world) byHand(path string, body map[string]any) string {
	w.t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	answer := w.cf.ByHand(kit.HandRequest{Method: http.MethodPost, Path: "/client/v4/accounts/" + accountID + "/access" + path, Body: encoded})
	if answer.Status != http.StatusCreated {
		w.t.Fatalf("POST %s by hand: %d %s", path, answer.Status, answer.Body)
	}
	var made struct {
		Result struct {
			ID string `json:"id"`
		} `json:"result"`
	}
	if err := json.Unmarshal(answer.Body, &made); err != nil {
		w.t.Fatal(err)
	}
	return made.Result.ID
}

func TestRevertIdentityProvider_OthersUseIt_IsLeftToAPerson(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(w *world, id string) string{
		"an application": func(w *world, id string) string {
			w.api.AllowIdentityProviders(accountID, idsOf(w.api.Applications(accountID))[0], id)
			return `Access application "Wiki"`
		},
		"a policy": func(w *world, id string) string {
			w.api.AddPolicy(accountID, map[string]any{"name": "Theirs", "decision": "allow", "include": []any{map[string]any{"login_method": map[string]any{"id": id}}}})
			return `Access policy "Theirs"`
		},
		"an Access group": func(w *world, id string) string {
			w.byHand("/groups", map[string]any{"name": "Theirs", "include": []any{map[string]any{"okta": map[string]any{"name": "Engineering", "connection_id": id}}}})
			return `Access group "Theirs"`
		},
		"an application's own policy": func(w *world, id string) string {
			w.byHand("/apps/"+idsOf(w.api.Applications(accountID))[0]+"/policies", map[string]any{
				"name": "Theirs", "decision": "allow", "include": []any{map[string]any{"login_method": map[string]any{"id": id}}},
			})
			return `policy "Theirs" (`
		},
		"the organisation": func(w *world, id string) string {
			w.api.SetOrganization(accountID, "login_default", id)
			return "the setting login_default of the Access organisation"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, move := w.register()
			words := use(w, move.Want.ID)
			told := wantFailure(t, refused(w, w.steps.RevertIdentityProvider, move, settledAgain), "cloudflare.conflict", false)
			if !strings.Contains(told.Message, words) || told.Advice == "" {
				t.Errorf("the run is told %+v", told.Detail)
			}
			wantFailure(t, refused(w, w.steps.RevertIdentityProvider, move), "cloudflare.conflict", true) // it may pass at first
			wantIDs(t, "identity providers", w.providers(), move.Want.ID)
			move.AppID = "" // a disconnect has refused before, if anyone used it
			must(w, w.steps.RevertIdentityProvider, move)
			wantIDs(t, "identity providers", w.providers())
		})
	}
}

// TestRevertIdentityProvider_ListsStillShowUsers: whoever is listed as a user is read before that is believed.
func TestRevertIdentityProvider_ListsStillShowUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider, policy := w.allow()
	wiki := idsOf(w.api.Applications(accountID))[0]
	w.api.AllowIdentityProviders(accountID, wiki, provider.Want.ID)
	edited := w.copyPolicy(policy.Want)
	w.cf.Inject(kit.Fault{Kind: kit.KindLag, Delay: forever})
	w.api.AllowIdentityProviders(accountID, wiki)
	w.api.EditPolicy(accountID, edited, func(stored map[string]any) {
		stored["include"], stored["require"] = []any{map[string]any{"everyone": map[string]any{}}}, []any{}
	})
	must(w, w.steps.RevertAccessPolicy, policy)
	must(w, w.steps.RevertIdentityProvider, provider)
	wantIDs(t, "identity providers", w.providers())
}

func TestRevertIdentityProvider_Existing_IsPutBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hand func(w *world, have planner.IdentityProvider)
		name string
		left string
	}{
		"nobody else touched it": {func(*world, planner.IdentityProvider) {}, "Old", ""},
		"renamed since": {func(w *world, have planner.IdentityProvider) {
			w.api.RenameIdentityProvider(accountID, have.ID, "Theirs")
		}, "Theirs", "the name of identity provider"},
		"its app deleted since": {func(w *world, _ planner.IdentityProvider) {
			if err := w.org.DeleteApp(w.apps()[0]); err != nil {
				w.t.Error(err)
			}
		}, "Old", "the client secret of identity provider"},
		"deleted since": {func(w *world, have planner.IdentityProvider) { w.api.DeleteIdentityProvider(accountID, have.ID) }, "", `identity provider "Old" was deleted by someone else since`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			app, move := w.register()
			w.api.RenameIdentityProvider(accountID, move.Want.ID, "Old")
			have := named(move.Want, "Old")
			move.Have = &have
			must(w, w.steps.RegisterIdentityProvider, move)
			clientSecret := w.secretOf(app.Want.ID)
			test.hand(w, have)
			reverted := must(w, w.steps.RevertIdentityProvider, move)
			if test.left != "" {
				wantLeft(t, reverted, test.left)
			} else if reverted.Left != nil || w.config(have.ID)["client_secret"] != clientSecret {
				t.Errorf("left %q, or without its secret", reverted.Left)
			}
			if test.name == "" {
				wantIDs(t, "identity providers", w.providers())
				return
			}
			if now, err := w.steps.Accounts["acme"].ReadIdentityProvider(t.Context(), have.ID); err != nil || now.Name != test.name {
				t.Errorf("it is %+v, %v", now, err)
			}
		})
	}
}

// TestRevertIdentityProvider_AsBefore_AsksForNothing but the look, and waits for an update whose answer was lost.
func TestRevertIdentityProvider_AsBefore_AsksForNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, move := w.register()
	have := move.Want
	move.Have, move.Want = &have, named(have, "Given")
	before := len(changesIn(w.cf))
	must(w, w.steps.RevertIdentityProvider, move)
	if changes := changesIn(w.cf)[before:]; len(changes) > 0 {
		t.Errorf("changes: %v", changes)
	}
	move.Uncertain = lost(time.Second)
	if told := wantFailure(t, refused(w, w.steps.RevertIdentityProvider, move), "AnswerLost", true); !strings.Contains(told.Message, "an update of identity provider") {
		t.Errorf("it says %s", told.Message)
	}
}

// TestRevertIdentityProvider_OwnPolicy_IsNoOthers: the connection's policy is put back beside it.
func TestRevertIdentityProvider_OwnPolicy_IsNoOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, move, policy := w.allow()
	refused(w, w.steps.RevertIdentityProvider, move)
	move.Own = []string{policy.Want.ID}
	must(w, w.steps.RevertIdentityProvider, move)
	wantIDs(t, "identity providers", w.providers())
}

// TestRevertIdentityProvider_SecretThatItHadBefore is put back where Okta still accepts it, and the newest else.
func TestRevertIdentityProvider_SecretThatItHadBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, move := w.register()
	clients := w.steps.Orgs["acme"]
	first, err := clients.ActiveSecret(t.Context(), app.Want.ID)
	if err != nil {
		t.Fatal(err)
	}
	made := w.okta.ByHand(kit.HandRequest{Method: http.MethodPost, Path: "/api/v1/apps/" + app.Want.ID + "/credentials/secrets"})
	newest := w.secretOf(app.Want.ID)
	if made.Status != http.StatusCreated || newest == first.Value.Reveal() {
		t.Fatalf("a second secret: %d", made.Status)
	}
	have := move.Want
	have.SecretID, move.Want.SecretID, move.Have = first.ID, "second", &have // nothing else differs
	w.api.EditIdentityProvider(accountID, have.ID, func(stored map[string]any) { stored["config"].(map[string]any)["client_secret"] = newest })
	must(w, w.steps.RevertIdentityProvider, move)
	if w.config(have.ID)["client_secret"] != first.Value.Reveal() {
		t.Error("it isn't given the secret that it had")
	}
	off := w.okta.ByHand(kit.HandRequest{Method: http.MethodPost, Path: "/api/v1/apps/" + app.Want.ID + "/credentials/secrets/" + first.ID + "/lifecycle/deactivate"})
	if off.Status != http.StatusOK {
		t.Fatalf("deactivate: %d", off.Status)
	}
	must(w, w.steps.RevertIdentityProvider, move)
	if w.config(have.ID)["client_secret"] != newest {
		t.Error("it is given a secret that Okta doesn't accept")
	}
}
