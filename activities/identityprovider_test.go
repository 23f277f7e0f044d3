package activities_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

const providersPath = "*/access/identity_providers"

// config is what Cloudflare keeps of an identity provider, the client secret too.
func (w *world) config(id string) map[string]any {
	w.t.Helper()
	for _, each := range w.api.IdentityProviders(accountID) {
		if each["id"] == id {
			return each["config"].(map[string]any)
		}
	}
	w.t.Fatalf("there is no identity provider %s", id)
	return nil
}

// secretOf is the active client secret of an app.
func (w *world) secretOf(appID string) string {
	w.t.Helper()
	found, err := w.steps.Orgs["acme"].ActiveSecret(w.t.Context(), appID)
	if err != nil {
		w.t.Fatal(err)
	}
	return found.Value.Reveal()
}

// copyProvider makes an identity provider by hand.
func (w *world) copyProvider(want planner.IdentityProvider) string {
	w.t.Helper()
	id, err := w.steps.Accounts["acme"].CreateIdentityProvider(w.t.Context(), want, secret.New("by hand"))
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func named(want planner.IdentityProvider, name string) planner.IdentityProvider {
	want.Name = name
	return want
}

func TestRegisterIdentityProvider_New_IsHandedTheSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app := w.createApp()
	move := w.provider(app)
	made := must(w, w.steps.RegisterIdentityProvider, move)
	config := w.config(made.ID)
	if config["client_secret"] != w.secretOf(app.Want.ID) || config["client_id"] != "accessbridge-acme-1" || config["okta_account"] != w.org.URL() {
		t.Errorf("it is registered with client id %v and account %v", config["client_id"], config["okta_account"])
	}
	if made.Secret.ID == "" || made.Secret.Hash == "" || made.Until != nil {
		t.Errorf("made %+v", made)
	}
}

// TestRegisterIdentityProvider_AnswerLost_OneAllTheSame. What wasn't carried out is looked for until it can't come any more.
func TestRegisterIdentityProvider_AnswerLost_OneAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.provider(w.createApp())
	drop(w.cf, kit.KindDropAfter, providersPath)
	if told := wantFailure(t, refused(w, w.steps.RegisterIdentityProvider, move), "cloudflare.disconnected", true); !told.Lost || len(told.Until) != 1 {
		t.Errorf("the run is told %+v", told.Detail)
	}
	found := must(w, w.steps.RegisterIdentityProvider, move, again(2, time.Second))
	wantIDs(t, "identity providers", w.providers(), found.ID)
	if found.Secret.ID == "" || found.Until != nil {
		t.Errorf("which secret it was handed is not told, or something else may turn up: %+v", found)
	}
}

func TestRegisterIdentityProvider_AnswerLostAndNothingFound_WaitsBeforeItAsksAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.provider(w.createApp())
	for name, how := range map[string]func(*attempt){
		"heartbeat": again(2, time.Second), "heartbeat, attempts counted anew": again(1, time.Second), "step before": again(1),
	} {
		if move.Until = nil; name == "step before" {
			move.Uncertain = lost(time.Second)
		}
		told := wantFailure(t, refused(w, w.steps.RegisterIdentityProvider, move, how), "AnswerLost", true)
		if len(told.Until) != 1 || !strings.Contains(told.Message, `identity provider "Okta" was lost`) {
			t.Errorf("%s: the run is told %+v", name, told.Detail)
		}
	}
	wantIDs(t, "identity providers", w.providers())
	move.Uncertain = activities.Uncertain{}
	made := must(w, w.steps.RegisterIdentityProvider, move, again(3, late))
	wantIDs(t, "identity providers", w.providers(), made.ID)
}

// TestRegisterIdentityProvider_AttemptThatSaysItIsTheFirst_StartedLate was reset in Temporal: it may have asked before.
func TestRegisterIdentityProvider_AttemptThatSaysItIsTheFirst_StartedLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.provider(w.createApp())
	id := w.copyProvider(move.Want)
	if found := must(w, w.steps.RegisterIdentityProvider, move, func(a *attempt) { a.waited = 2 * time.Second }); found.ID != id {
		t.Errorf("found %s, there is %s", found.ID, id)
	}
	wantIDs(t, "identity providers", w.providers(), id)
}

// TestRegisterIdentityProvider_Duplicates_AreDeletedOnlyAfterALostAnswer, and only those that are to the letter what was asked for.
func TestRegisterIdentityProvider_Duplicates_AreDeletedOnlyAfterALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.provider(w.createApp())
	first, theirs, second := w.copyProvider(move.Want), w.copyProvider(named(move.Want, "Theirs")), w.copyProvider(move.Want)
	made := must(w, w.steps.RegisterIdentityProvider, move)
	wantIDs(t, "at the first attempt", w.providers(), first, theirs, second, made.ID)
	found := must(w, w.steps.RegisterIdentityProvider, move, again(2, time.Second))
	wantIDs(t, "after a lost answer", w.providers(), found.ID, theirs)
}

func TestRegisterIdentityProvider_Existing_IsUpdated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, move := w.register()
	have := named(move.Want, "Old")
	w.api.RenameIdentityProvider(accountID, have.ID, "Old")
	w.api.EditIdentityProvider(accountID, have.ID, func(stored map[string]any) { stored["config"].(map[string]any)["client_secret"] = "old" })
	move.Have = &have
	made := must(w, w.steps.RegisterIdentityProvider, move, again(2, time.Second)) // nothing is looked for: it exists
	if made.ID != have.ID || w.config(made.ID)["client_secret"] != w.secretOf(app.Want.ID) || made.Secret.ID == "" {
		t.Errorf("made %+v", made)
	}
	wantIDs(t, "identity providers", w.providers(), have.ID)
}

// TestRegisterIdentityProvider_AppNotSeenYet: what was created moments ago may be unknown for some time.
func TestRegisterIdentityProvider_AppNotSeenYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.provider(w.app())
	move.AppID = "0oaunknown"
	wantFailure(t, refused(w, w.steps.RegisterIdentityProvider, move), "okta.not_found", true)
	wantFailure(t, refused(w, w.steps.RegisterIdentityProvider, move, settledAgain), "okta.not_found", false)
}

// TestRegisterIdentityProvider_SecretNotListedYet: the list of an app's secrets can be behind as any other.
func TestRegisterIdentityProvider_SecretNotListedYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindLag, Path: "*/credentials/secrets", Delay: forever})
	app := w.createApp()
	ref := activities.AppRef{Fence: w.fence, Org: "acme", AppID: app.Want.ID}
	wantFailure(t, refused(w, w.steps.RegisterIdentityProvider, w.provider(app)), "okta.not_found", true)
	wantFailure(t, refused(w, w.steps.ReadClientCredentials, ref), "okta.not_found", true)
	told := wantFailure(t, refused(w, w.steps.ReadClientCredentials, ref, settledAgain), "okta.not_found", false)
	if !strings.Contains(told.Message, "none of 0 is active") {
		t.Errorf("the run is told %s", told.Message)
	}
	wantIDs(t, "identity providers", w.providers())
}

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
