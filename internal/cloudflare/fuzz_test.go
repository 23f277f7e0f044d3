package cloudflare_test

import (
	"context"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/internal/transport/transporttest"
)

// knownPath is what the client may ask for, with anything in place of an id that is one.
var knownPath = regexp.MustCompile(`^/client/v4/accounts/` + account + `/access/(organizations|(apps|identity_providers|policies|groups|idp_federation_grants)(/[0-9A-Za-z-]{8,64})?)$`)

// seeds are answers of each kind: status, body, rate limit, time to wait.
var seeds = []struct {
	status            int
	body, limit, wait string
}{
	{200, `{"success":true,"errors":[],"messages":[],"result":[{"id":"12345678","name":"x","type":"okta","config":{"client_id":"c"}}],"result_info":{"total_count":1}}`, `"default";r=50;t=30`, ""},
	{200, `{"success":true,"result":{"id":"../../x","name":5,"config":[],"policies":[null,{"id":7},"x"],"scim_config":null}}`, `r=99999999999999999999`, "99999999999"},
	{200, `{"success":true,"result":{"id":"12345678","policies":[{"id":"x"}],"include":[{"okta":null}],"config":{"pkce_enabled":"yes"}}}`, "", ""},
	{200, `{"success":true,"result":[null]}`, "", ""},
	{200, `{"success":true,"result":null,"result_info":{"total_count":-1}}`, "", ""},
	{200, `{"success":false,"errors":[{"code":10000,"message":"a\u001b[31m\u202e","error_chain":[{}]}]}`, "", ""},
	{200, `{"success":true,"result":{"auth_domain":"evil.example/\u001b"}}`, "", ""},
	{200, `[]`, "", ""},
	{200, `null`, "", ""},
	{200, `"x"`, "", ""},
	{200, ``, "", ""},
	{200, `<html>Sign in</html>`, "", ""},
	{201, `{"success":true,"result":{"id":""}}`, "", ""},
	{302, ``, "", ""},
	{400, `{"success":false,"errors":{}}`, "", ""},
	{404, `{"success":false,"errors":[{"code":"11021"}]}`, "", ""},
	{429, `{"success":false,"errors":[]}`, `"default";r=0;t=1`, "1"},
	{500, `<html>`, "", ""},
}

// FuzzAnswers gives every call of the client any answer: nothing may panic, no answer gets into a path or sends the token
// elsewhere, and a failure is an error that a log line and a terminal can show.
func FuzzAnswers(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed.status, seed.body, seed.limit, seed.wait)
	}
	f.Fuzz(func(t *testing.T, status int, body, limit, wait string) {
		header := http.Header{"Ratelimit": {limit}, "Retry-After": {wait}, "Content-Type": {"application/json"}, "Cf-Ray": {body}}
		for name, call := range calls(t.Context()) {
			base := &transporttest.Answers{T: t, Status: transporttest.Status(status), Header: header, Body: body, Host: "api.example", Paths: knownPath}
			client, err := cloudflare.New("https://api.example/client/v4", account, secret.New(token), transport.Options{Base: base, Timeout: time.Second, Settle: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			transporttest.Showable(t, name, call(client), token)
		}
	})
}

// calls are all that the client can do.
func calls(ctx context.Context) map[string]func(*cloudflare.Client) error {
	const id = "12345678"
	wanted := loginMethod()
	wanted.ID = id
	policy := planner.AccessPolicy{ID: id, Name: "x", Decision: "allow"}
	return map[string]func(*cloudflare.Client) error{
		"AuthDomain":            func(c *cloudflare.Client) error { _, err := c.AuthDomain(ctx); return err },
		"ListApplications":      func(c *cloudflare.Client) error { _, err := c.ListApplications(ctx); return err },
		"AttachPolicy":          func(c *cloudflare.Client) error { return c.AttachPolicy(ctx, id, id, planner.AtTheEnd, nil, nil) },
		"DetachPolicy":          func(c *cloudflare.Client) error { return c.DetachPolicy(ctx, id, id, nil) },
		"ListIdentityProviders": func(c *cloudflare.Client) error { _, err := c.ListIdentityProviders(ctx); return err },
		"GetIdentityProvider":   func(c *cloudflare.Client) error { _, err := c.GetIdentityProvider(ctx, id); return err },
		"CreateIdentityProvider": func(c *cloudflare.Client) error {
			_, err := c.CreateIdentityProvider(ctx, wanted, cloudflare.Handed{ClientSecret: secret.New("s")})
			return err
		},
		"UpdateIdentityProvider": func(c *cloudflare.Client) error {
			return c.UpdateIdentityProvider(ctx, wanted, cloudflare.Handed{ClientSecret: secret.New("s")})
		},
		"DeleteIdentityProvider": func(c *cloudflare.Client) error { return c.DeleteIdentityProvider(ctx, id) },
		"ListPolicies": func(c *cloudflare.Client) error {
			found, err := c.ListPolicies(ctx)
			for _, each := range found { // what was read is compared and shown
				_, _ = each.RefersTo(id), each.IsOurShape(id)
				for _, rule := range each.Include {
					_ = rule.String()
				}
			}
			return err
		},
		"GetPolicy":    func(c *cloudflare.Client) error { _, err := c.GetPolicy(ctx, id); return err },
		"CreatePolicy": func(c *cloudflare.Client) error { _, err := c.CreatePolicy(ctx, policy); return err },
		"UpdatePolicy": func(c *cloudflare.Client) error { return c.UpdatePolicy(ctx, policy) },
		"ListGroups": func(c *cloudflare.Client) error {
			found, err := c.ListGroups(ctx)
			for _, each := range found {
				_ = each.RefersTo(id)
			}
			return err
		},
		"ReadGroup":            func(c *cloudflare.Client) error { _, err := c.ReadGroup(ctx, id); return err },
		"ListFederationGrants": func(c *cloudflare.Client) error { _, err := c.ListFederationGrants(ctx); return err },
		"Organization": func(c *cloudflare.Client) error {
			_, settings, err := c.Organization(ctx)
			_ = planner.ReferrersTo(id, planner.Referring{Organization: settings})
			return err
		},
		"DeletePolicy": func(c *cloudflare.Client) error { return c.DeletePolicy(ctx, id) },
	}
}
