package host_test

import (
	"io"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/signin"
)

func TestSignIn_EachWayItCanEnd(t *testing.T) {
	t.Parallel()
	w := wire(t)
	w.API.API.AddApplication(w.Accounts["acme"].ID, cloudflare.Application{
		Name: "Elsewhere", Domain: "elsewhere.acme.example",
	})
	for _, test := range []struct {
		path, login string
		allowed     bool
		reason      string
	}{
		{"/cdn-cgi/access/login/wiki.acme.example", "alice@acme.example", true, `policy "Okta staff": allow, because of Okta group Engineering`},
		{"/cdn-cgi/access/login/wiki.acme.example", "ceo@acme.example", true, "because of email ceo@acme.example"},
		{"/cdn-cgi/access/login/wiki.acme.example", "bob@acme.example", false, "no policy lets bob@acme.example in; groups: Everyone, Support"},
		{"/cdn-cgi/access/login/wiki.acme.example", "carol@acme.example", false, "access_denied: User is not assigned to the client application."},
		{"/cdn-cgi/access/login/elsewhere.acme.example", "alice@acme.example", false, "no policy lets anybody in"},
		{"/cdn-cgi/access/login/nowhere.example", "alice@acme.example", false, "Unable to find your Access application"},
		{"/cdn-cgi/access/login?policy=" + w.policy, "alice@acme.example", true, "Okta group Engineering"},
		{"/cdn-cgi/access/login?policy=" + w.policy, "bob@acme.example", false, "no policy lets bob@acme.example in"},
		{"/", "alice@acme.example", true, "Okta group Engineering"},
		{"/", "bob@acme.example", false, "no policy lets bob@acme.example in"},
		{"/cdn-cgi/access/test-idp/" + w.provider, "bob@acme.example", true, "Your connection works!"},
		{"/cdn-cgi/access/test-idp/" + w.provider, "carol@acme.example", false, "access_denied"},
	} {
		if allowed, reason := w.signIn(t, test.path, test.login); allowed != test.allowed || !strings.Contains(reason, test.reason) {
			t.Errorf("%s at %s: got %v, %q", test.login, test.path, allowed, reason)
		}
	}
}

func TestSignIn_WritesTheAccessLog(t *testing.T) {
	t.Parallel()
	w := wire(t)
	before, _ := w.API.State()
	w.signIn(t, "/cdn-cgi/access/login/wiki.acme.example", "alice@acme.example")
	w.signIn(t, "/cdn-cgi/access/login?policy="+w.policy, "bob@acme.example")
	w.signIn(t, "/cdn-cgi/access/login/wiki.acme.example", "carol@acme.example") // Okta never says who this is
	logins := w.API.API.Logins(w.Accounts["acme"].ID)
	if len(logins) != 2 {
		t.Fatalf("got %v", logins)
	}
	first, second := logins[0], logins[1]
	if first["allowed"] != true || first["app_domain"] != "wiki.acme.example" || first["app_uid"] != w.wiki || first["connection"] != "okta" || first["ip_address"] != "127.0.0.1" {
		t.Errorf("got %v", first)
	}
	if second["allowed"] != false || second["user_email"] != "bob@acme.example" || second["app_domain"] != w.Accounts["acme"].AuthDomain {
		t.Errorf("got %v", second)
	}
	if after, _ := w.API.State(); after != before {
		t.Error("signing in must leave the state as it was")
	}
}

func TestSignIn_ConnectionIsWrong_SaysWhy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil  func(settings m)
		reason string
	}{
		"secret":  {func(settings m) { settings["client_secret"] = "wrong" }, "failed to exchange the code"},
		"account": {func(settings m) { settings["okta_account"] = "https://127.0.0.1:1" }, "Failed to reach the identity provider"},
		"server":  {func(settings m) { settings["authorization_server_id"] = "ausnone" }, "Failed to reach the identity provider"},
		"claim":   {func(settings m) { settings["email_claim_name"] = "mail" }, "the identity provider gave no mail"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := wire(t)
			w.API.API.EditIdentityProvider(w.Accounts["acme"].ID, w.provider, func(stored map[string]any) { test.spoil(stored["config"].(m)) })
			for _, path := range []string{"/", "/cdn-cgi/access/test-idp/" + w.provider} {
				if allowed, reason := w.signIn(t, path, "alice@acme.example"); allowed || !strings.Contains(reason, test.reason) {
					t.Errorf("%s: got %v, %q", path, allowed, reason)
				}
			}
		})
	}
}

func TestSignIn_GroupsClaimIsFiltered(t *testing.T) {
	t.Parallel()
	w := wire(t)
	if err := w.Orgs["acme"].Org.SetGroupsClaim(w.app, "EQUALS", "Support"); err != nil {
		t.Fatal(err)
	}
	if allowed, reason := w.signIn(t, "/", "alice@acme.example"); allowed {
		t.Errorf("a filter that leaves Engineering out leaves alice out: %s", reason)
	}
}

func TestSignIn_ApplicationAllowsAnotherProvider(t *testing.T) {
	t.Parallel()
	w := wire(t)
	account := w.Accounts["acme"].ID
	another := w.API.API.AddIdentityProvider(account, cloudflare.IdentityProvider{Name: "Another", Type: "okta"})
	w.API.API.AllowIdentityProviders(account, w.wiki, another)
	if _, err := w.SignIn(t.Context(), "acme", "/cdn-cgi/access/login/wiki.acme.example", "Okta", "alice@acme.example"); err == nil {
		t.Error("the login page must not offer what the application doesn't allow")
	}
	path := "/cdn-cgi/access/sso/" + w.provider + "?app=wiki.acme.example"
	if allowed, reason := w.signIn(t, path, "alice@acme.example"); allowed || !strings.Contains(reason, "doesn't allow") {
		t.Errorf("got %v, %q", allowed, reason)
	}
}

func TestCallback_OfAnotherBrowser_IsRefused(t *testing.T) {
	t.Parallel()
	w := wire(t)
	if _, reason := w.signIn(t, "/cdn-cgi/access/callback?state=0123456789abcdef&code=stolen", "alice@acme.example"); !strings.Contains(reason, "Invalid login session") {
		t.Errorf("got %q", reason)
	}
}

func TestSignIn_SessionTokenIsSignedForTheApplication(t *testing.T) {
	t.Parallel()
	w := wire(t)
	account := w.Accounts["acme"]
	client := w.CA.Client()
	defer client.CloseIdleConnections()
	jar, _ := cookiejar.New(nil)
	person := signin.Person{Login: "alice@acme.example", Password: "sandbox-alice"}
	outcome, err := signin.WithCookies(t.Context(), client, jar, account.URL+"/cdn-cgi/access/login/wiki.acme.example", "Okta", person)
	if err != nil || !outcome.Allowed {
		t.Fatal(outcome, err)
	}
	origin, _ := url.Parse(account.URL)
	token := ""
	for _, cookie := range jar.Cookies(origin) {
		if cookie.Name == "CF_Authorization" {
			token = cookie.Value
		}
	}
	keys := oidc.NewRemoteKeySet(oidc.ClientContext(t.Context(), client), account.URL+"/cdn-cgi/access/certs")
	audience := w.API.API.Applications(account.ID)[0]["aud"].(string)
	verified, err := oidc.NewVerifier(account.URL, keys, &oidc.Config{ClientID: audience}).Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct{ Email, Type string }
	if err := verified.Claims(&claims); err != nil || claims.Email != "alice@acme.example" || claims.Type != "app" {
		t.Errorf("got %+v, %v", claims, err)
	}
	client.Jar = jar
	for _, want := range []string{`"email":"alice@acme.example"`, "You are signed out", "no app token set"} {
		path := map[bool]string{true: "/cdn-cgi/access/logout", false: "/cdn-cgi/access/get-identity"}[want == "You are signed out"]
		response, err := client.Get(account.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if !strings.Contains(string(body), want) {
			t.Errorf("%s: got %s", path, body)
		}
	}
}
