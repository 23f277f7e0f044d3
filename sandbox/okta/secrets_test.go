package okta_test

import (
	"testing"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
)

// causeOf is the text of a refusal's only cause.
func causeOf(t *testing.T, refused map[string]any) any {
	t.Helper()
	causes, _ := refused["errorCauses"].([]any)
	if len(causes) != 1 {
		t.Fatalf("causes %v, want one", causes)
	}
	return dig(causes[0], "errorSummary")
}

func TestSecrets_Rotation_WithOktasOwnClient(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	id := f.createApp(t, "app")
	ctx, client := f.sdk(t)
	before, _, err := client.Application.ListClientSecretsForApplication(ctx, id)
	if err != nil || len(before) != 1 || before[0].Status != "ACTIVE" || len(before[0].ClientSecret) != 64 {
		t.Fatalf("secrets %v, %v; want one active of 64 characters", before, err)
	}
	old := before[0]
	brought, _, err := client.Application.CreateNewClientSecretForApplication(ctx, id, sdk.ClientSecretMetadata{ClientSecret: "a-secret-of-our-own"})
	if err != nil || brought.ClientSecret != "a-secret-of-our-own" || brought.SecretHash == old.SecretHash {
		t.Fatalf("the new secret is %v, %v", brought, err)
	}
	for _, secret := range []string{old.ClientSecret, brought.ClientSecret} {
		f.introspect(t, id, secret, "bogus").must(t, 200)
	}
	deactivated, _, err := client.Application.DeactivateClientSecretForApplication(ctx, id, old.Id)
	if err != nil || deactivated.Status != "INACTIVE" {
		t.Fatalf("deactivated: %v, %v", deactivated, err)
	}
	f.introspect(t, id, old.ClientSecret, "bogus").must(t, 401)
	if _, _, err := client.Application.ActivateClientSecretForApplication(ctx, id, old.Id); err != nil {
		t.Fatal(err)
	}
	f.introspect(t, id, old.ClientSecret, "bogus").must(t, 200)
	if _, _, err := client.Application.DeactivateClientSecretForApplication(ctx, id, old.Id); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Application.DeleteClientSecretForApplication(ctx, id, old.Id); err != nil {
		t.Fatal(err)
	}
	after, _, err := client.Application.ListClientSecretsForApplication(ctx, id)
	if err != nil || len(after) != 1 || after[0].Id != brought.Id {
		t.Errorf("secrets %v, %v; want the new one alone", after, err)
	}
}

func TestSecrets_RefusesWhatOktaRefuses(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	path := "/api/v1/apps/" + f.createApp(t, "app") + "/credentials/secrets"
	first := f.call(t, "GET", path, nil).list(t)[0]["id"].(string)
	for _, test := range []struct {
		name, method, path string
		body               any
		status             int
		cause              string
	}{
		{"deactivate the only active one", "POST", path + "/" + first + "/lifecycle/deactivate", nil, 400, "You can't deactivate the only active client secret."},
		{
			"delete an active one", "DELETE", path + "/" + first, nil, 400,
			"You can't delete an active client secret. Deactivate the secret before deleting it.",
		},
		{"too short", "POST", path, map[string]any{"client_secret": "short"}, 400, "client_secret: The secret must have 14 to 100 characters."},
		{"not ASCII", "POST", path, map[string]any{"client_secret": "geheimnisvoller Käse"}, 400, "client_secret: The secret must be of printable ASCII characters."},
		{"a second one, inactive", "POST", path, map[string]any{"status": "INACTIVE"}, 201, ""},
		{"a third one", "POST", path, map[string]any{}, 400, "You've reached the maximum number of client secrets per client."},
	} {
		got := f.call(t, test.method, test.path, test.body).must(t, test.status).object(t)
		if test.status == 201 {
			if got["status"] != "INACTIVE" || dig(got, "_links", "activate") == nil || dig(got, "_links", "deactivate") != nil {
				t.Errorf("%s: %v", test.name, got)
			}
			continue
		}
		if cause := causeOf(t, got); cause != test.cause {
			t.Errorf("%s: %q, want %q", test.name, cause, test.cause)
		}
	}
	f.call(t, "GET", path+"/ocs00000000000000000", nil).must(t, 404)
}

func TestSecrets_AreShownOnlyWhereOktaShowsThem(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	id := f.createApp(t, "app")
	path := "/api/v1/apps/" + id
	for _, app := range append(f.call(t, "GET", "/api/v1/apps", nil).list(t), f.call(t, "GET", path, nil).object(t)) {
		if secret := dig(app, "credentials", "oauthClient", "client_secret"); secret != nil {
			t.Errorf("app %v shows its secret", app["id"])
		}
	}
	want := f.call(t, "GET", path+"/credentials/secrets", nil).list(t)[0]["client_secret"]
	for name, body := range map[string]map[string]any{
		"no key": appBody("app"), "empty": setClient(appBody("app"), "client_secret", ""),
		"the same": setClient(appBody("app"), "client_secret", want),
	} {
		replaced := f.call(t, "PUT", path, body).must(t, 200).object(t)
		if got := dig(replaced, "credentials", "oauthClient", "client_secret"); got != want {
			t.Errorf("PUT with %s: the secret is another one", name)
		}
	}
	if client := f.call(t, "GET", "/oauth2/v1/clients/"+id, nil).must(t, 200).object(t); client["client_secret"] != nil || client["client_name"] != "app" {
		t.Errorf("client %v", client)
	}
	f.call(t, "GET", "/oauth2/v1/clients/no-such-client", nil).must(t, 404)
}
