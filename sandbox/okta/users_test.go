package okta_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestUsers_AreFoundByWhatTheyAreCalled(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) {
		c.Users = append(c.Users, okta.User{Login: "ada2@acme.example", FirstName: "Ada", LastName: "Byron"})
	})
	for query, want := range map[string]int{
		"": 3, "?limit=1": 1, "?search=profile.firstName+eq+%22Ada%22": 2,
		"?search=profile.firstName+eq+%22Ada%22+and+profile.lastName+sw+%22By%22": 1, "?search=profile.login+eq+%22nobody%22": 0,
	} {
		if got := f.call(t, "GET", "/api/v1/users"+query, nil).must(t, 200).list(t); len(got) != want {
			t.Errorf("%q finds %d people, want %d", query, len(got), want)
		}
	}
	f.call(t, "GET", "/api/v1/users?search=shoe+eq+%22Ada%22", nil).must(t, 400)
	f.call(t, "GET", "/api/v1/users/00unobody", nil).must(t, 404)
	f.call(t, "GET", "/api/v1/zones", nil).must(t, 200)
	f.call(t, "POST", "/api/v1/authenticators/autnone/lifecycle/deactivate", nil).must(t, 404)
}

func TestUsers_Update_ChangesWhatItNames(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	path := "/api/v1/users/" + p.userID(t, "ada@acme.example")
	profile := func(values map[string]any) map[string]any { return map[string]any{"profile": values} }
	changed := p.call(t, "POST", path, profile(map[string]any{"lastName": "Byron"})).must(t, 200).object(t)
	if dig(changed, "profile", "firstName") != "Ada" || dig(changed, "profile", "lastName") != "Byron" {
		t.Errorf("changed to %v", changed["profile"])
	}
	claims := p.claims(t, p.signIn(t, p.browser(t), "ada@acme.example", "ada-password").Get("code"))
	if claims["name"] != "Ada Byron" || claims["email"] != "ada@acme.example" {
		t.Errorf("claims %v", claims)
	}
	p.call(t, "POST", path, profile(map[string]any{"login": "BOB@acme.example"})).must(t, 400)
	p.call(t, "POST", path, profile(map[string]any{"email": ""})).must(t, 400)
	p.call(t, "POST", "/api/v1/users/me", profile(map[string]any{"lastName": "X"})).must(t, 403)
}
