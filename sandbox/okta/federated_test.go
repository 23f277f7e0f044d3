package okta_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestFederatedClaim_Expression_TellsOfGroups(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, func(c *okta.Config) {
		directory(c)
		c.Groups = append(c.Groups, okta.Group{Name: "Ada's"})
		c.Users[0].Groups = append(c.Users[0].Groups, "Ada's", "Engineering Leads")
	}), appBody("app"))
	p.config.Scopes = []string{"openid"}
	path := "/api/v1/apps/" + p.appID + "/federated-claims"
	made := p.call(t, "POST", path, map[string]any{"name": "teams", "expression": "user.none"}).must(t, 201).object(t)
	one := path + "/" + made["id"].(string)
	for expression, want := range map[string]string{
		`user.getGroups({'group.profile.name':'Engineering'}).![profile.name]`:                                     "Engineering, Engineering Leads",
		`user.getGroups({'group.profile.name':'Engineering', 'operator': 'EXACT'}).![profile.name]`:                "Engineering",
		`user.getGroups({'group.type': {'APP_GROUP', 'BUILT_IN'}}, {'group.profile.name': 'A'}).![ profile.name ]`: `A "quoted" \ one, AD Admins, AD Staff`,
		`user.getGroups({'group.profile.name': {'Ada''s', 'Every'}}).![profile.name]`:                              "Ada's, Everyone",
		`user.getGroups({'group.id': '` + p.org.GroupID("Support") + `'}).![profile.name]`:                         "",
		`user.getGroups({'group.id': '` + p.org.GroupID("Engineering") + `'}).![type]`:                             "OKTA_GROUP",
		`user.getGroups({'group.profile.name':'Engineering'})`:                                                     "",
		`user.getGroups({'group.profile.colour':'red'}).![profile.name]`:                                           "",
		`user.profile.email`: "",
	} {
		p.call(t, "PUT", one, map[string]any{"name": "teams", "expression": expression}).must(t, 200)
		claims := p.claims(t, p.signIn(t, p.browser(t), "ada@acme.example", "ada-password").Get("code"))
		told, _ := claims["teams"].([]any)
		if got := joined(told); got != want {
			t.Errorf("%s: the token tells of %q, want %q", expression, got, want)
		}
	}
}

func joined(values []any) string {
	var texts []string
	for _, value := range values {
		texts = append(texts, value.(string))
	}
	return strings.Join(texts, ", ")
}

func TestFederatedClaims_AreIdentityEngines(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	path := "/api/v1/apps/" + f.createApp(t, "app") + "/federated-claims"
	f.call(t, "POST", path, map[string]any{"name": "teams"}).must(t, 400)
	one := path + "/" + f.call(t, "POST", path, map[string]any{"name": "teams", "expression": "user.none"}).must(t, 201).object(t)["id"].(string)
	if got := f.call(t, "GET", path, nil).must(t, 200).list(t); len(got) != 1 || got[0]["expression"] != "user.none" {
		t.Errorf("listed %v", got)
	}
	f.call(t, "GET", one, nil).must(t, 200)
	f.call(t, "DELETE", one, nil).must(t, 204)
	f.call(t, "GET", one, nil).must(t, 404)
	classic := serve(t, func(c *okta.Config) { c.OIE = false })
	classic.call(t, "GET", "/api/v1/apps/"+classic.createApp(t, "app")+"/federated-claims", nil).must(t, 404)
}
