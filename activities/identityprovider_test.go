package activities_test

import (
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
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
	id, err := w.steps.Accounts["acme"].CreateIdentityProvider(w.t.Context(), want, cloudflare.Handed{ClientSecret: secret.New("by hand")})
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
