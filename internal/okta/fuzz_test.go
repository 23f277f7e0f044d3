package okta_test

import (
	"context"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/internal/transport/transporttest"
)

// knownPath is what the client may ask for, with anything in place of an id that is one.
var knownPath = regexp.MustCompile(`^/(api/v1/(internal/)?(apps|groups)(/[0-9A-Za-z]{4,64})?(/(groups|credentials|settings|lifecycle)(/[0-9A-Za-z]+)*)?|oauth2/v1/(introspect|authorize|clients/client)|\.well-known/openid-configuration)$`)

// seeds are answers of each kind: status, body, Link, rate limit left and its reset, Location.
var seeds = []struct {
	status                              int
	body, link, left, reset, toLocation string
}{
	{200, `[{"id":"0oa12345","label":"x","credentials":{"oauthClient":{"client_id":"c"}}}]`, `<https://acme.okta.example/api/v1/apps?after=1>; rel="next"`, "1", "1", ""},
	{200, `[{"id":"../../x"},{"id":null}]`, `<https://evil.example/api/v1/apps>; rel="next"`, "0", "99999999999999", ""},
	{200, `{"id":"0oa12345","settings":{"oauthClient":null},"profile":[]}`, `<:%zz>; rel="next"`, "-1", "-1", ""},
	{200, "<html>Sign in</html>", "", "", "", ""},
	{200, "", "<>; rel=next, <", "x", "y", ""},
	{200, `[null]`, `rel="next"`, "", "", ""},
	{200, `[{"id":"ocs1","status":"ACTIVE","created":"not a time","client_secret":1}]`, "", "", "", ""},
	{200, `{"issuer":"https://acme.okta.example","authorization_endpoint":1}`, "", "", "", ""},
	{201, `null`, "", "", "", ""},
	{204, "", "", "", "", ""},
	{302, "", "", "", "", "https://acme.cloudflareaccess.com/cdn-cgi/access/callback?error=login_required"},
	{302, "", "", "", "", "https://acme.cloudflareaccess.com/cdn-cgi/access/callback?error=access_denied&error_description=a%1b%e2%80%ae"},
	{302, "", "", "", "", ":%zz"},
	{400, `{"errorCode":"E0000001","errorSummary":"a\u001b[31m\u202e","errorCauses":[{}]}`, "", "", "", ""},
	{400, `{"error":{},"errorCode":5}`, "", "", "", ""},
	{429, `{"errorCode":"E0000047"}`, "", "0", "1", ""},
	{503, "<html>", "", "", "", ""},
}

// FuzzAnswers gives every call of the client any answer: nothing may panic, no answer gets into a path or sends the token
// elsewhere, and a failure is an error that a log line and a terminal can show.
func FuzzAnswers(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed.status, seed.body, seed.link, seed.left, seed.reset, seed.toLocation)
	}
	f.Fuzz(func(t *testing.T, status int, body, link, left, reset, location string) {
		header := http.Header{
			"Link": {link, `<https://acme.okta.example/api/v1/apps>; rel="self"`}, "X-Rate-Limit-Remaining": {left}, "X-Rate-Limit-Reset": {reset},
			"Location": {location}, "Content-Type": {"application/json"}, "X-Okta-Request-Id": {link},
		}
		for name, call := range calls(t.Context()) {
			base := &transporttest.Answers{T: t, Status: transporttest.Status(status), Header: header, Body: body, Host: "acme.okta.example", Paths: knownPath}
			client, err := okta.New("https://acme.okta.example", secret.New(token), transport.Options{Base: base, Timeout: time.Second, Settle: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			transporttest.Showable(t, name, call(client), token)
		}
	})
}

// calls are all that the client can do.
func calls(ctx context.Context) map[string]func(*okta.Client) error {
	const id, group = "0oa12345", "00g12345"
	return map[string]func(*okta.Client) error{
		"ListApps":       func(c *okta.Client) error { _, err := c.ListApps(ctx); return err },
		"GetApp":         func(c *okta.Client) error { _, err := c.GetApp(ctx, id); return err },
		"CreateApp":      func(c *okta.Client) error { _, err := c.CreateApp(ctx, app()); return err },
		"UpdateApp":      func(c *okta.Client) error { return c.UpdateApp(ctx, planner.App{ID: id}, app(), nil) },
		"GroupsByID":     func(c *okta.Client) error { _, err := c.GroupsByID(ctx, []string{group}, nil); return err },
		"ActivateApp":    func(c *okta.Client) error { return c.ActivateApp(ctx, id) },
		"DeactivateApp":  func(c *okta.Client) error { return c.DeactivateApp(ctx, id) },
		"DeleteApp":      func(c *okta.Client) error { return c.DeleteApp(ctx, id) },
		"Claim":          func(c *okta.Client) error { _, err := c.Claim(ctx, id); return err },
		"SetClaim":       func(c *okta.Client) error { return c.SetClaim(ctx, id, "ORG_URL", nil) },
		"GroupsByName":   func(c *okta.Client) error { _, err := c.GroupsByName(ctx, []string{"x", "y"}, nil); return err },
		"GroupsNamed":    func(c *okta.Client) error { _, err := c.GroupsNamed(ctx, "x"); return err },
		"AssignedGroups": func(c *okta.Client) error { _, err := c.AssignedGroups(ctx, id); return err },
		"AssignGroup":    func(c *okta.Client) error { return c.AssignGroup(ctx, id, planner.Group{ID: group}) },
		"UnassignGroup":  func(c *okta.Client) error { return c.UnassignGroup(ctx, id, group) },
		"ActiveSecret":   func(c *okta.Client) error { _, err := c.ActiveSecret(ctx, id); return err },
		"Secrets":        func(c *okta.Client) error { _, err := c.Secrets(ctx, id); return err },
		"ClientKnown":    func(c *okta.Client) error { _, err := c.ClientKnown(ctx, "client"); return err },
		"Issuer":         func(c *okta.Client) error { _, err := c.Issuer(ctx); return err },
		"AcceptsClient": func(c *okta.Client) error {
			return c.AcceptsClient(ctx, "client", okta.ClientSecret{Value: secret.New("secret")})
		},
		"AcceptsRedirect": func(c *okta.Client) error { return c.AcceptsRedirect(ctx, "client", redirect, true) },
	}
}
