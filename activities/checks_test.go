package activities_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// oneTimePIN is the login method that the account has from the start.
func (w *world) oneTimePIN() string { return idsOf(w.api.IdentityProviders(accountID))[0] }

// connected makes a whole connection, attached to the Wiki, and gives the test of it.
func (w *world) connected() activities.ConnectionTest {
	w.t.Helper()
	app, provider, policy := w.allow()
	wiki, group := idsOf(w.api.Applications(accountID))[0], w.org.GroupID("Engineering")
	must(w, w.steps.SetGroupsClaim, w.claim(app))
	must(w, w.steps.AssignGroup, activities.Assignment{Fence: w.fence, Org: "acme", AppID: app.Want.ID, GroupID: group})
	must(w, w.steps.AttachPolicy, activities.Attachment{Fence: w.fence, Account: "acme", ApplicationID: wiki, PolicyID: policy.Want.ID})
	return activities.ConnectionTest{
		Fence: w.fence, Org: "acme", Account: "acme", AppID: app.Want.ID, RedirectURI: planner.RedirectURI(authDomain),
		IdentityProvider: provider.Want, PolicyID: policy.Want.ID, Applications: []string{wiki}, SignIn: true, Policy: &policy.Want,
		Claim: app.Want.Claim, Groups: []planner.Group{{ID: group, Name: "Engineering"}},
	}
}

func TestTestConnection_AsDeclared_Passes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	tested := must(w, w.steps.TestConnection, test)
	if len(tested.Checks) != 8 {
		t.Errorf("%d checks: %+v", len(tested.Checks), tested.Checks)
	}
	for _, check := range tested.Checks {
		if !check.Passed || check.Detail == "" {
			t.Errorf("check %+v", check)
		}
	}
	test.Policy, test.Applications = nil, nil // a run of an earlier version
	if tested := must(w, w.steps.TestConnection, test); len(tested.Checks) != 4 {
		t.Errorf("%d checks: %+v", len(tested.Checks), tested.Checks)
	}
}

// TestTestConnection_ChangedByHand_FailsAndNamesIt. It passes by itself at first: a change may not be known everywhere at once.
func TestTestConnection_ChangedByHand_FailsAndNamesIt(t *testing.T) {
	t.Parallel()
	edit := func(change func(stored map[string]any)) func(*world, activities.ConnectionTest) error {
		return func(w *world, test activities.ConnectionTest) error {
			w.api.EditPolicy(accountID, test.PolicyID, change)
			return nil
		}
	}
	for name, test := range map[string]struct {
		hand func(w *world, test activities.ConnectionTest) error
		want string
	}{
		"app deleted": {func(w *world, c activities.ConnectionTest) error { return w.org.DeleteApp(c.AppID) }, "client id and secret: "},
		"app deactivated": {
			func(w *world, c activities.ConnectionTest) error { return w.org.SetAppStatus(c.AppID, "INACTIVE") }, "redirect URI: ",
		},
		"redirect URI taken away": {func(w *world, c activities.ConnectionTest) error {
			return w.org.EditApp(c.AppID, func(body map[string]any) {
				body["settings"].(map[string]any)["oauthClient"].(map[string]any)["redirect_uris"] = []any{"https://other.example/"}
			})
		}, "redirect URI: "},
		"identity provider renamed": {func(w *world, c activities.ConnectionTest) error {
			w.api.RenameIdentityProvider(accountID, c.IdentityProvider.ID, "Theirs")
			return nil
		}, "identity provider as declared: identity provider ID reads back differently"},
		"identity provider deleted": {func(w *world, c activities.ConnectionTest) error {
			w.api.DeleteIdentityProvider(accountID, c.IdentityProvider.ID)
			return nil
		}, "identity provider as declared: there is no identity provider ID any more"},
		"another authorization domain": {func(w *world, c activities.ConnectionTest) error {
			w.api.SetAuthDomain(accountID, "other.cloudflareaccess.com")
			return nil
		}, "identity provider as declared: identity provider ID sends people back to https://other.cloudflareaccess.com/cdn-cgi/access/callback"},
		"a second identity provider": {func(w *world, c activities.ConnectionTest) error {
			w.copyProvider(c.IdentityProvider)
			return nil
		}, `identity provider as declared: there is another identity provider with client id "accessbridge-acme-1": "Okta"`},
		"policy loosened": {
			edit(func(stored map[string]any) { stored["include"] = []any{map[string]any{"everyone": map[string]any{}}} }),
			"Access policy as declared: policy ID reads back differently",
		},
		"policy of another decision": {edit(func(stored map[string]any) { stored["decision"] = "bypass" }), "Access policy as declared: policy ID reads back differently"},
		"policy deleted": {func(w *world, c activities.ConnectionTest) error {
			w.api.DeletePolicy(accountID, c.PolicyID)
			return nil
		}, `Access policy as declared: there is no Access policy "Okta staff" (ID) any more`},
		"a second policy": {func(w *world, c activities.ConnectionTest) error {
			w.copyPolicy(*c.Policy)
			return nil
		}, `Access policy as declared: there is another Access policy named "Okta staff"`},
		"claim narrowed": {func(w *world, c activities.ConnectionTest) error {
			return w.org.SetGroupsClaim(c.AppID, "STARTS_WITH", "x")
		}, "groups claim as declared: the groups claim reads back differently"},
		"claim taken away": {func(w *world, c activities.ConnectionTest) error { return w.org.SetGroupsClaim(c.AppID, "", "") }, "groups claim as declared: the groups claim reads back differently"},
		"group unassigned": {
			func(w *world, c activities.ConnectionTest) error { return w.org.UnassignGroup(c.AppID, c.Groups[0].ID) }, `groups assigned: the group "Engineering"`,
		},
		"application detached": {func(w *world, c activities.ConnectionTest) error {
			return w.steps.Accounts["acme"].DetachPolicy(w.t.Context(), c.Applications[0], c.PolicyID, nil)
		}, "applications use the policy: application ID doesn't use the policy"},
		"application offers others alone": {func(w *world, c activities.ConnectionTest) error {
			w.api.AllowIdentityProviders(accountID, c.Applications[0], w.oneTimePIN())
			return nil
		}, "applications use the policy: application ID doesn't offer the identity provider"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			connection := w.connected()
			if err := test.hand(w, connection); err != nil {
				t.Fatal(err)
			}
			wantFailure(t, refused(w, w.steps.TestConnection, connection), "ConnectionTestFailed", true)
			told := wantFailure(t, refused(w, w.steps.TestConnection, connection, settledAgain), "ConnectionTestFailed", false)
			message := told.Message
			for _, id := range []string{connection.IdentityProvider.ID, connection.PolicyID, connection.Applications[0]} {
				message = strings.ReplaceAll(message, id, "ID")
			}
			if !strings.Contains(message, test.want) || told.Advice == "" {
				t.Errorf("the run is told %s\nwant %s", message, test.want)
			}
		})
	}
}

// TestTestConnection_ListsLag_Passes: what a list doesn't show as declared is read by its id.
func TestTestConnection_ListsLag_Passes(t *testing.T) {
	t.Parallel()
	lag := func(w *world, after string) {
		for server, path := range map[*kit.Server]string{w.okta: "*/apps/*/groups", w.cf: ""} {
			server.Inject(kit.Fault{Kind: kit.KindLag, Path: path, Delay: forever, After: []string{after}})
		}
	}
	for after, prepare := range map[string]func(w *world) activities.ConnectionTest{
		kit.AfterCreate: func(w *world) activities.ConnectionTest {
			lag(w, kit.AfterCreate)
			return w.connected()
		},
		kit.AfterUpdate: func(w *world) activities.ConnectionTest {
			test := w.connected()
			w.rename("policy", test.PolicyID, "Was")
			w.rename("identity provider", test.IdentityProvider.ID, "Was")
			attach := activities.Attachment{Fence: w.fence, Account: "acme", ApplicationID: test.Applications[0], PolicyID: test.PolicyID}
			must(w, w.steps.DetachPolicy, attach)
			lag(w, kit.AfterUpdate)
			must(w, w.steps.AttachPolicy, attach)
			w.rename("policy", test.PolicyID, test.Policy.Name)
			w.rename("identity provider", test.IdentityProvider.ID, test.IdentityProvider.Name)
			return test
		},
	} {
		t.Run(after, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test := prepare(w)
			for _, check := range must(w, w.steps.TestConnection, test).Checks {
				if !check.Passed {
					t.Errorf("check %+v", check)
				}
			}
		})
	}
}

func (w *world) rename(kind, id, to string) {
	if kind == "policy" {
		w.api.EditPolicy(accountID, id, func(stored map[string]any) { stored["name"] = to })
		return
	}
	w.api.RenameIdentityProvider(accountID, id, to)
}

// TestTestConnection_DuplicateOfALostAnswer_IsTakenAway, and nothing that differs from what the run asked for.
func TestTestConnection_DuplicateOfALostAnswer_IsTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	test.Lost = true
	w.copyProvider(test.IdentityProvider)
	w.copyPolicy(*test.Policy)
	must(w, w.steps.TestConnection, test)
	wantIDs(t, "identity providers", w.providers(), test.IdentityProvider.ID)
	wantIDs(t, "policies", w.policies(), test.PolicyID)

	loose := *test.Policy
	loose.Include = append(loose.Include, planner.EmailDomainRule("example.com"))
	provider, policy := w.copyProvider(named(test.IdentityProvider, "Theirs")), w.copyPolicy(loose)
	told := wantFailure(t, refused(w, w.steps.TestConnection, test, settledAgain), "ConnectionTestFailed", false)
	for _, words := range []string{fmt.Sprintf("%q (%s)", "Theirs", provider), "for the identity provider: " + policy} {
		if !strings.Contains(told.Message, words) {
			t.Errorf("the run is told %s, want %s", told.Message, words)
		}
	}
	wantIDs(t, "identity providers", w.providers(), test.IdentityProvider.ID, provider)
	wantIDs(t, "policies", w.policies(), test.PolicyID, policy)
}

// TestTestConnection_PolicyOfTheNameForSomethingElse is no duplicate.
func TestTestConnection_PolicyOfTheNameForSomethingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	other := *test.Policy
	other.Name = "Someone's, for the same identity provider"
	w.copyPolicy(other)
	w.copyPolicy(planner.AccessPolicy{Name: test.Policy.Name, Decision: "allow", Include: []planner.Rule{planner.EmailRule("a@acme.example")}})
	must(w, w.steps.TestConnection, test)
}

// TestTestConnection_ProviderAway_IsRetried for as long as the step may take.
func TestTestConnection_ProviderAway_IsRetried(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	w.cf.Inject(kit.Fault{Kind: kit.KindStatus, Path: policiesPath + "*", Status: 503})
	if told := wantFailure(t, refused(w, w.steps.TestConnection, test, settledAgain), "ConnectionTestFailed", true); told.Provider != "cloudflare" {
		t.Errorf("the run is told %+v", told.Detail)
	}
}

// TestTestConnection_Secret: the one that Cloudflare was handed must be accepted, though a newer one is there by now.
func TestTestConnection_Secret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	handed := must(w, w.steps.ReadClientCredentials, activities.AppRef{Fence: w.fence, Org: "acme", AppID: test.AppID})
	test.Secret = planner.HandedSecret{ID: handed.SecretID, Hash: handed.SecretHash}
	at := "/api/v1/apps/" + test.AppID + "/credentials/secrets"
	if answer := w.okta.ByHand(kit.HandRequest{Method: http.MethodPost, Path: at}); answer.Status != http.StatusCreated {
		t.Fatalf("a second secret: %d %s", answer.Status, answer.Body)
	}
	must(w, w.steps.ReadClientCredentials, activities.AppRef{Fence: w.fence, Org: "acme", AppID: test.AppID}) // the newer one is the recent one
	must(w, w.steps.TestConnection, test)
	if answer := w.okta.ByHand(kit.HandRequest{Method: http.MethodPost, Path: at + "/" + handed.SecretID + "/lifecycle/deactivate"}); answer.Status != http.StatusOK {
		t.Fatalf("deactivate the secret: %d %s", answer.Status, answer.Body)
	}
	told := wantFailure(t, refused(w, w.steps.TestConnection, test, settledAgain), "ConnectionTestFailed", false)
	if !strings.Contains(told.Message, "client id and secret: ") || !strings.Contains(told.Message, "is not active") {
		t.Errorf("the run is told %s", told.Message)
	}
}

// TestTestConnection_SecretThatIsNotAccepted_IsReadAnew: it may have been replaced since it was read. Else it is read once.
func TestTestConnection_SecretThatIsNotAccepted_IsReadAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	must(w, w.steps.TestConnection, test)
	if read := w.secretsRead(); read != 1 {
		t.Errorf("the secrets were read %d times", read)
	}
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Path: "*/introspect", Status: 401, Count: 1})
	refused(w, w.steps.TestConnection, test)
	must(w, w.steps.TestConnection, test, again(2))
	if read := w.secretsRead(); read != 2 {
		t.Errorf("the secrets were read %d times", read)
	}
}

// secretsRead is how often an app's client secrets were read.
func (w *world) secretsRead() (times int) {
	for _, request := range w.okta.Requests() {
		if strings.HasSuffix(request.Path, "/credentials/secrets") {
			times++
		}
	}
	return times
}

// TestTestConnection_Cancelled ends as a cancellation, which is no verdict on the connection.
func TestTestConnection_Cancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var cancelled *temporal.CanceledError
	if err := refused(w, w.steps.TestConnection, test, within(ctx)); !errors.As(err, &cancelled) {
		t.Errorf("the step ended with %v", err)
	}
}

// TestTestConnection_AListedGroupIsGone_IsSaidWhenItsPriorityIsRead: a list that is behind is no proof that the group is assigned.
func TestTestConnection_AListedGroupIsGone_IsSaidWhenItsPriorityIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	first, second := w.org.GroupID("Engineering"), w.org.GroupID("Support")
	test.Groups = []planner.Group{{ID: first, Name: "Engineering", Priority: new(int64(1))}, {ID: second, Name: "Support", Priority: new(int64(2))}}
	for _, group := range test.Groups { // both have 1: out of order
		must(w, w.steps.AssignGroup, activities.Assignment{Fence: w.fence, Org: "acme", AppID: test.AppID, GroupID: group.ID, Priority: new(int64(1))})
	}
	w.okta.Inject(kit.Fault{Kind: kit.KindLag, Path: "*/apps/*/groups", Delay: forever, After: []string{kit.AfterDelete}})
	if err := w.org.UnassignGroup(test.AppID, second); err != nil {
		t.Fatal(err)
	}
	told := wantFailure(t, refused(w, w.steps.TestConnection, test, settledAgain), "ConnectionTestFailed", false)
	if want := fmt.Sprintf("the group %q (%s) is not assigned to the app", "Support", second); !strings.Contains(told.Message, want) {
		t.Errorf("the run is told %s, want %s", told.Message, want)
	}
}
