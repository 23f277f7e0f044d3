package e2e

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
)

// edit changes what an Okta app says of itself, as someone in the console would.
func (b *bench) edit(appID string, change func(body map[string]any)) {
	b.t.Helper()
	if err := b.Sandbox.Orgs["acme"].Org.EditApp(appID, change); err != nil {
		b.t.Fatal(err)
	}
}

func TestConnect_RenamedByHandAndInTheDocumentAtOnce_IsFoundByItsID(t *testing.T) {
	b := setUp(t, nil)
	first := b.connect(b.spec())
	account := b.Sandbox.Accounts["acme"].ID
	b.Sandbox.API.API.RenameIdentityProvider(account, first.IdentityProviderID, "By hand")
	b.Sandbox.API.API.EditPolicy(account, first.PolicyID, func(body map[string]any) {
		body["name"], body["include"], body["require"] = "By hand", []any{map[string]any{"everyone": map[string]any{}}}, []any{}
	})
	edited := b.spec()
	edited.Cloudflare.IDPName, edited.Policy.Name = "Sign in", "Staff"
	again := b.connect(edited)
	if again.IdentityProviderID != first.IdentityProviderID || again.PolicyID != first.PolicyID {
		t.Errorf("the connection consisted of %+v, and now of %+v", first, again)
	}
	b.once()
}

// TestMemoryTakenAway_TheKeyRemains has a tool that manages the app take its profile away, as Terraform does, or someone write nonsense into
// it: the client id is enough to find all that the connection made.
func TestMemoryTakenAway_TheKeyRemains(t *testing.T) {
	for name, forget := range map[string]func(body map[string]any){
		"no profile": func(body map[string]any) { delete(body, "profile") },
		"a text that is no id": func(body map[string]any) {
			body["profile"].(map[string]any)["memory"].(map[string]any)["policies"] = []any{"../../organizations"}
		},
		"no JSON of ours": func(body map[string]any) { body["profile"].(map[string]any)["memory"] = "gone" },
	} {
		t.Run(name, func(t *testing.T) { keyRemains(t, forget) })
	}
}

func keyRemains(t *testing.T, lose func(body map[string]any)) {
	const told = "doesn't tell any more what the connection consists of"
	b := setUp(t, nil)
	before := b.state()
	first := b.connect(b.withWiki())
	forget := func() { b.edit(first.AppID, lose) }
	forget()
	if plan := b.plan(b.withWiki()); len(plan.Notes) != 1 || !strings.Contains(plan.Notes[0], told) {
		t.Errorf("the plan's notes: %q", plan.Notes)
	}
	again := b.connect(b.withWiki())
	if again.AppID != first.AppID || again.IdentityProviderID != first.IdentityProviderID || again.PolicyID != first.PolicyID {
		t.Errorf("the connection consisted of %+v, and now of %+v", first, again)
	}
	if plan := b.plan(b.withWiki()); len(plan.Moves()) != 0 || len(plan.Notes) != 0 {
		t.Errorf("after the memory was written again, the plan is %+v", plan)
	}
	forget()
	if away := b.result(b.start(connection.DisconnectWorkflow, b.withWiki())); len(away.Notes) != 1 || !strings.Contains(away.Notes[0], told) {
		t.Errorf("the disconnect's notes: %q", away.Notes)
	}
	b.unchanged(before)
}

// TestDisconnect_MemoryTakenAway_NamesWhatSomeoneMadeTheirs: a policy that someone renamed and that refers to the login method no more
// can't be told to be the connection's. The run before tells of it; where Temporal has forgotten that, a person is told to look for one.
func TestDisconnect_MemoryTakenAway_NamesWhatSomeoneMadeTheirs(t *testing.T) {
	for name, test := range map[string]struct {
		forgotten bool
		edit      func(body map[string]any)
		want      string // %s is the policy
		remains   bool
	}{
		"renamed": {edit: func(body map[string]any) { body["name"] = "By hand" }, want: "whether they or application attachments were there before can't be known"},
		"its rules changed": {edit: func(body map[string]any) {
			body["include"] = []any{map[string]any{"everyone": map[string]any{}}}
		}, want: "whether they or application attachments were there before can't be known"},
		"made theirs": {edit: madeTheirs, want: `Access policy "By hand" (%s) was the connection's when the run before ended`, remains: true},
		"made theirs, and the runs are forgotten": {forgotten: true, edit: madeTheirs, want: "no policy of the connection was found", remains: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			first := b.connect(b.spec())
			b.edit(first.AppID, func(body map[string]any) { delete(body, "profile") })
			b.Sandbox.API.API.EditPolicy(b.Sandbox.Accounts["acme"].ID, first.PolicyID, test.edit)
			if test.forgotten {
				b.forget()
			}
			away := b.result(b.start(connection.DisconnectWorkflow, b.spec()))
			want := strings.ReplaceAll(test.want, "%s", first.PolicyID)
			if notes := strings.Join(away.Notes, "\n"); !strings.Contains(notes, want) {
				t.Errorf("the notes don't say %q:\n%s", want, notes)
			}
			left := counts{}
			if test.remains {
				left.Policies = 1
			}
			if got := b.counts(); got != left {
				t.Errorf("after disconnect both sides hold %+v, want %+v", got, left)
			}
			if test.remains { // as the note says to: nobody needs it
				b.Sandbox.API.API.DeletePolicy(b.account(), b.policyNamed("By hand"))
			}
			b.unchanged(before)
		})
	}
}

func madeTheirs(body map[string]any) {
	body["name"], body["include"], body["require"] = "By hand", []any{map[string]any{"everyone": map[string]any{}}}, []any{}
}

// TestMemoryTakenAway_OfAnAdoptedApp_AllIsAdoptedAnew: nothing tells that the connection made the login method and the policy itself, so
// both are treated as others' too. docs/terraform.md says so.
func TestMemoryTakenAway_OfAnAdoptedApp_AllIsAdoptedAnew(t *testing.T) {
	b := setUp(t, nil)
	appID := b.appByHand()
	spec := b.spec()
	spec.Adopt = true
	first := b.connect(spec)
	b.edit(appID, func(body map[string]any) { delete(body, "profile") })
	again := b.connect(spec)
	if again.AppID != appID || again.IdentityProviderID != first.IdentityProviderID || again.PolicyID != first.PolicyID {
		t.Errorf("the connection consisted of %+v, and now of %+v", first, again)
	}
	away := b.result(b.start(connection.DisconnectWorkflow, spec))
	if len(away.Left) != 3 {
		t.Errorf("left %q, want the app, the login method and the policy named", away.Left)
	}
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("after disconnect both sides hold %+v, want %+v", got, want)
	}
}

// TestConnect_AppOfAnEarlierVersion_StaysOurs gives an app the client id and the profile that earlier versions gave.
func TestConnect_AppOfAnEarlierVersion_StaysOurs(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	first := b.connect(b.withWiki())
	earlier := "accessbridge-" + b.name + "-0123abcd"
	b.edit(first.AppID, func(body map[string]any) {
		body["credentials"].(map[string]any)["oauthClient"].(map[string]any)["client_id"] = earlier
		delete(body["profile"].(map[string]any), "memory")
	})
	b.Sandbox.API.API.EditIdentityProvider(b.Sandbox.Accounts["acme"].ID, first.IdentityProviderID, func(stored map[string]any) {
		stored["config"].(map[string]any)["client_id"] = earlier
	})
	if plan := b.plan(b.withWiki()); len(plan.Moves()) != 1 || plan.Moves()[0].Resource != connection.ResourceMemory || len(plan.Notes) != 0 {
		t.Errorf("the plan: %+v, notes %q", plan.Moves(), plan.Notes)
	}
	again := b.connect(b.withWiki())
	if again.AppID != first.AppID || again.ClientID != earlier || again.PolicyID != first.PolicyID {
		t.Errorf("the connection consisted of %+v, and now of %+v", first, again)
	}
	b.once()
	b.result(b.start(connection.DisconnectWorkflow, b.withWiki()))
	b.unchanged(before)
}
