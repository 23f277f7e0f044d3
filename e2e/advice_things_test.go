package e2e

import (
	"encoding/json"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// clientSetting changes a setting of an app's client by hand.
func clientSetting(part, key string, value any) func(map[string]any) {
	return func(body map[string]any) {
		body[part].(map[string]any)["oauthClient"].(map[string]any)[key] = value
	}
}

func implicitAssignment(on bool) func(map[string]any) {
	return func(body map[string]any) { body["settings"].(map[string]any)["implicitAssignment"] = on }
}

// adopting is the document that takes over what is there.
func adopting(b *bench, spec *connection.Spec, edit func(map[string]any)) {
	b.edit(b.appByHand(), edit)
	spec.Adopt = true
}

// theApp is the id of the one app that the document's label has.
func (b *bench) theApp() string { return b.org().AppIDs("Cloudflare Access")[0] }

func anotherLabel(_ *bench, spec *connection.Spec, _ string) { spec.Okta.AppLabel = "Access" }

// theirIdentityProvider makes an identity provider under the declared name whose secret is in another org.
func (b *bench) theirIdentityProvider() string {
	return b.Sandbox.API.API.AddIdentityProvider(b.account(), cloudflare.IdentityProvider{
		Name: "Okta", Type: "okta", Config: map[string]any{"client_id": "other", "okta_account": "https://other.okta.com"},
	})
}

func (b *bench) account() string { return b.Sandbox.Accounts["acme"].ID }

// appAdvice is about Okta apps, and things that others made.
var appAdvice = []advised{
	{
		advice: "set its client authentication to Client secret in Okta",
		refused: func(b *bench, spec *connection.Spec) {
			b.edit(b.connect(*spec).AppID, clientSetting("credentials", "token_endpoint_auth_method", "private_key_jwt"))
		},
		ways: []way{func(b *bench, _ *connection.Spec, _ string) {
			b.edit(b.theApp(), clientSetting("credentials", "token_endpoint_auth_method", "client_secret_post"))
		}},
	},
	{
		advice: "set cloudflare.pkce to true, or don't require PKCE in Okta",
		refused: func(b *bench, spec *connection.Spec) {
			b.edit(b.connect(*spec).AppID, clientSetting("credentials", "pkce_required", true))
			spec.Cloudflare.PKCE = new(false)
		},
		ways: []way{
			func(_ *bench, spec *connection.Spec, _ string) { spec.Cloudflare.PKCE = new(true) },
			func(b *bench, _ *connection.Spec, _ string) {
				b.edit(b.theApp(), clientSetting("credentials", "pkce_required", false))
			},
		},
	},
	{
		advice:  "turn that mode off in Okta, where nobody needs it",
		refused: func(b *bench, spec *connection.Spec) { adopting(b, spec, implicitAssignment(true)) },
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) { b.edit(b.theApp(), implicitAssignment(false)) }, anotherLabel,
		},
	},
	{
		advice: "turn that encryption off in Okta, where nobody needs it",
		refused: func(b *bench, spec *connection.Spec) {
			adopting(b, spec, clientSetting("settings", "id_token_encrypted_response_alg", "RSA-OAEP-256"))
		},
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) {
				b.edit(b.theApp(), clientSetting("settings", "id_token_encrypted_response_alg", nil))
			}, anotherLabel,
		},
	},
	{
		advice:  "choose another name, delete it, or take it over with adopt: true",
		refused: func(b *bench, _ *connection.Spec) { b.appByHand() },
		ways: []way{
			anotherLabel,
			func(b *bench, _ *connection.Spec, _ string) { b.deleteApp(b.theApp()) },
			func(_ *bench, spec *connection.Spec, _ string) { spec.Adopt = true },
		},
	},
	{
		advice: "see which of the two people sign in through, and delete the other",
		refused: func(b *bench, spec *connection.Spec) {
			b.connect(*spec)
			if _, err := b.MakeApp("acme", "Second"); err != nil {
				b.t.Fatal(err)
			}
			b.edit(b.org().AppIDs("Second")[0], clientSetting("credentials", "client_id", "accessbridge-"+spec.Name+"-2"))
		},
		ways: []way{func(b *bench, _ *connection.Spec, _ string) { b.deleteApp(b.org().AppIDs("Second")[0]) }},
	},
	{
		advice:  "choose another name; delete it only if nobody needs it",
		refused: func(b *bench, spec *connection.Spec) { b.theirIdentityProvider(); spec.Adopt = true },
		ways: []way{
			func(_ *bench, spec *connection.Spec, _ string) { spec.Cloudflare.IDPName = "Sign in" },
			func(b *bench, _ *connection.Spec, _ string) {
				for _, each := range b.Sandbox.API.API.IdentityProviders(b.account()) {
					if each["name"] == "Okta" {
						b.Sandbox.API.API.DeleteIdentityProvider(b.account(), each["id"].(string))
					}
				}
			},
		},
	},
	{
		advice:  "disconnect it first with the earlier document, or give this one another name",
		refused: func(b *bench, spec *connection.Spec) { b.connect(*spec); spec.Okta.Org = "globex" },
		ways: []way{
			func(b *bench, spec *connection.Spec, _ string) {
				b.result(b.start(connection.DisconnectWorkflow, b.spec()))
				spec.Cloudflare.Account = "globex"
			},
			func(_ *bench, spec *connection.Spec, _ string) {
				spec.Name += "-globex"
				spec.Cloudflare.Account = "globex"
			},
		},
	},
}

func (b *bench) deleteApp(id string) {
	b.t.Helper()
	if err := b.org().SetAppStatus(id, "INACTIVE"); err != nil {
		b.t.Fatal(err)
	}
	if err := b.org().DeleteApp(id); err != nil {
		b.t.Fatal(err)
	}
}

// ofOkta edits the connection's identity provider by hand.
func (b *bench) ofOkta(edit func(map[string]any)) {
	b.Sandbox.API.API.EditIdentityProvider(b.account(), b.oktaProvider(), edit)
}

// oktaProvider is the id of the account's one identity provider of type okta.
func (b *bench) oktaProvider() string {
	b.t.Helper()
	for _, each := range b.Sandbox.API.API.IdentityProviders(b.account()) {
		if each["type"] == "okta" {
			return each["id"].(string)
		}
	}
	b.t.Fatal("the account has no identity provider of type okta")
	return ""
}

// showsToken has Cloudflare's answer show, hidden, that the identity provider holds an API token of Okta.
func (b *bench) showsToken() {
	b.t.Helper()
	for _, each := range b.Sandbox.API.API.IdentityProviders(b.account()) {
		if each["type"] != "okta" {
			continue
		}
		config := each["config"].(map[string]any)
		delete(config, "client_secret")
		config["api_token"] = "**********"
		body, err := json.Marshal(map[string]any{"success": true, "errors": []any{}, "messages": []any{}, "result": each})
		if err != nil {
			b.t.Fatal(err)
		}
		b.cloudflare().Inject(kit.Fault{Method: "GET", Path: identityProvidersPath + "/" + each["id"].(string), Kind: kit.KindStatus, Status: 200, Body: string(body)})
	}
}

func setReadOnly(value bool) func(map[string]any) {
	return func(stored map[string]any) { stored["read_only"] = value }
}

// identityProviderAdvice is about the identity provider, and what refers to it.
var identityProviderAdvice = []advised{
	{
		advice:  "put an Okta API token that may read users and groups into",
		refused: func(_ *bench, spec *connection.Spec) { spec.Cloudflare.GroupLookup = true },
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) { b.holdsLookupToken(lookupToken) },
			func(_ *bench, spec *connection.Spec, _ string) { spec.Cloudflare.GroupLookup = false },
		},
	},
	{
		advice: "change it in the account that it belongs to, or have that account share it no longer",
		refused: func(b *bench, spec *connection.Spec) {
			b.connect(*spec)
			b.ofOkta(setReadOnly(true))
			spec.Cloudflare.IDPName = "Sign in"
		},
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) {
				b.ofOkta(func(stored map[string]any) { stored["name"] = "Sign in" })
			},
			func(b *bench, _ *connection.Spec, _ string) { b.ofOkta(setReadOnly(false)) },
		},
	},
	{
		advice: "take the identity provider out of its rules first", away: true,
		refused: func(b *bench, spec *connection.Spec) {
			b.made("/groups", ruled("login_method", map[string]any{"id": b.connect(*spec).IdentityProviderID}))
		},
		ways: []way{func(b *bench, _ *connection.Spec, _ string) {
			b.byHandAccess("PUT", "/groups/"+b.only("/groups"), ruled("everyone", map[string]any{}))
		}},
	},
	{
		advice: "take that setting out of the identity provider first, or set it again afterwards by hand and change the identity provider there",
		refused: func(b *bench, spec *connection.Spec) {
			b.connect(*spec)
			b.showsToken()
			spec.Cloudflare.IDPName = "Sign in"
		},
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) { b.cloudflare().ClearFaults() },
			func(b *bench, _ *connection.Spec, _ string) {
				b.ofOkta(func(stored map[string]any) { stored["name"] = "Sign in" })
				b.cloudflare().ClearFaults()
				b.showsToken() // it is put in again
			},
		},
	},
	{
		advice: "give the token the permission Access: Groups Read", away: true,
		refused: func(b *bench, spec *connection.Spec) {
			b.connect(*spec)
			b.cloudflare().Inject(kit.Fault{Method: "GET", Path: "*/access/groups*", Kind: kit.KindStatus, Status: 403})
		},
		ways: []way{func(b *bench, _ *connection.Spec, _ string) { b.cloudflare().ClearFaults() }},
	},
	{
		advice: "delete the grant first", away: true,
		refused: func(b *bench, spec *connection.Spec) {
			b.made("/idp_federation_grants", map[string]any{"idp_id": b.connect(*spec).IdentityProviderID})
		},
		ways: []way{deleteGrant},
	},
	{
		advice: "leave those settings in the document as Cloudflare has them, or change them by hand once those accounts are ready for it, or delete the grant first",
		refused: func(b *bench, spec *connection.Spec) {
			b.made("/idp_federation_grants", map[string]any{"idp_id": b.connect(*spec).IdentityProviderID})
			spec.Cloudflare.IDPName = "Sign in"
		},
		ways: []way{
			func(_ *bench, spec *connection.Spec, _ string) { spec.Cloudflare.IDPName = "Okta" },
			func(b *bench, _ *connection.Spec, _ string) {
				b.ofOkta(func(stored map[string]any) { stored["name"] = "Sign in" })
			},
			deleteGrant,
		},
	},
	{
		advice: "change that setting first", away: true,
		refused: func(b *bench, spec *connection.Spec) { setByHand(b, b.connect(*spec).IdentityProviderID) },
		ways: []way{func(b *bench, _ *connection.Spec, _ string) {
			b.Sandbox.API.API.SetOrganization(b.account(), "login_default", nil)
		}},
	},
	{
		advice: "delete that policy or take the identity provider out of its rules first", away: true,
		refused: func(b *bench, spec *connection.Spec) {
			b.Sandbox.API.API.AddPolicy(b.account(), ruled("login_method", map[string]any{"id": b.connect(*spec).IdentityProviderID}))
		},
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) {
				b.Sandbox.API.API.DeletePolicy(b.account(), b.policyNamed("Theirs"))
			},
			func(b *bench, _ *connection.Spec, _ string) {
				b.Sandbox.API.API.EditPolicy(b.account(), b.policyNamed("Theirs"), func(stored map[string]any) {
					stored["include"] = []any{map[string]any{"everyone": map[string]any{}}}
				})
			},
		},
	},
}

func deleteGrant(b *bench, _ *connection.Spec, _ string) {
	b.byHandAccess("DELETE", "/idp_federation_grants/"+b.only("/idp_federation_grants"), nil)
}

// only is the id of the only thing in one of Access's lists.
func (b *bench) only(path string) string {
	b.t.Helper()
	answer := b.cloudflare().ByHand(kit.HandRequest{Method: "GET", Path: "/client/v4/accounts/" + b.account() + "/access" + path})
	var listed struct{ Result []struct{ ID string } }
	if err := json.Unmarshal(answer.Body, &listed); err != nil || len(listed.Result) != 1 {
		b.t.Fatalf("GET %s by hand: %d %s (%v)", path, answer.Status, answer.Body, err)
	}
	return listed.Result[0].ID
}

func (b *bench) policyNamed(name string) string {
	b.t.Helper()
	for _, each := range b.Sandbox.API.API.Policies(b.account()) {
		if each["name"] == name {
			return each["id"].(string)
		}
	}
	b.t.Fatalf("the account has no policy %q", name)
	return ""
}

// applicationAdvice is about the applications that a document names, or that use what the connection made.
var applicationAdvice = []advised{
	{
		advice:  "create it first or correct the entry",
		refused: func(_ *bench, spec *connection.Spec) { spec.Policy.Applications = []string{"intranet.acme.example"} },
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) {
				b.Sandbox.API.API.AddApplication(b.account(), cloudflare.Application{Name: "Intranet", Domain: "intranet.acme.example"})
			},
			func(_ *bench, spec *connection.Spec, _ string) {
				spec.Policy.Applications = []string{"wiki.acme.example"}
			},
			func(b *bench, spec *connection.Spec, _ string) {
				spec.Policy.Applications = []string{b.application("wiki.acme.example")}
			},
		},
	},
	{
		advice: "name the one you mean by its id",
		refused: func(b *bench, spec *connection.Spec) {
			*spec = b.withWiki()
			b.Sandbox.API.API.EditApplication(b.account(), b.application("dashboard.acme.example"), func(stored map[string]any) {
				stored["self_hosted_domains"] = []any{"dashboard.acme.example", "wiki.acme.example"}
			})
		},
		ways: []way{func(b *bench, spec *connection.Spec, _ string) {
			spec.Policy.Applications = []string{b.application("wiki.acme.example")}
		}},
	},
	{
		advice: "take it out of that application first", away: true,
		refused: func(b *bench, spec *connection.Spec) {
			b.Sandbox.API.API.AttachPolicy(b.account(), b.application("wiki.acme.example"), b.connect(*spec).PolicyID)
		},
		ways: []way{func(b *bench, _ *connection.Spec, _ string) {
			b.Sandbox.API.API.EditApplication(b.account(), b.application("wiki.acme.example"), func(stored map[string]any) { stored["policies"] = []any{} })
		}},
	},
	{
		advice: "take the others out of the application in Access first, or take it out of auto_redirect_to_identity",
		refused: func(b *bench, spec *connection.Spec) {
			*spec = b.withWiki()
			b.signInTo("wiki.acme.example", false, b.oneTimePIN())
			spec.Policy.AutoRedirect = []string{"wiki.acme.example"}
		},
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) { b.signInTo("wiki.acme.example", false) },
			func(_ *bench, spec *connection.Spec, _ string) { spec.Policy.AutoRedirect = nil },
		},
	},
	{
		advice: "choose in Access what else it offers, or have it offer all, then try again", away: true,
		refused: func(b *bench, spec *connection.Spec) {
			*spec = b.withWiki()
			b.signInTo("wiki.acme.example", false, b.oneTimePIN())
			b.signInTo("wiki.acme.example", false, b.connect(*spec).IdentityProviderID)
		},
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) {
				b.signInTo("wiki.acme.example", false, b.oneTimePIN(), b.oktaProvider())
			},
			func(b *bench, _ *connection.Spec, _ string) { b.signInTo("wiki.acme.example", false) },
		},
	},
}
