package okta_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestEndpoints_RefuseABodyThatIsNoObject(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.AuthorizationServers = true })
	app := "/api/v1/apps/" + f.createApp(t, "app")
	for _, target := range []string{
		"POST /api/v1/apps", "PUT " + app, "POST " + app + "/credentials/secrets", "POST /api/v1/groups",
		"PUT " + app + "/groups/" + f.org.GroupID("Support"), "POST /api/v1/authorizationServers",
		"POST /api/v1/authorizationServers/default/claims",
		"POST " + strings.Replace(app, "/v1/", "/v1/internal/", 1) + "/settings/oauth/idToken",
	} {
		method, path, _ := strings.Cut(target, " ")
		if code := f.call(t, method, path, "text").must(t, 400).object(t)["errorCode"]; code != "E0000003" {
			t.Errorf("%s: %v", target, code)
		}
	}
}

func TestAuthorizationServers_AreManaged(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.AuthorizationServers = true })
	const base = "/api/v1/authorizationServers"
	body := map[string]any{"name": "customers", "audiences": []string{"api://customers"}}
	f.call(t, "POST", base, map[string]any{"name": "customers"}).must(t, 400)
	path := base + "/" + f.call(t, "POST", base, body).must(t, 201).object(t)["id"].(string)
	body["description"] = "For customers"
	if replaced := f.call(t, "PUT", path, body).must(t, 200).object(t); replaced["description"] != "For customers" {
		t.Errorf("replaced: %v", replaced)
	}
	if listed := f.call(t, "GET", base+"?q=cust", nil).must(t, 200).list(t); len(listed) != 1 {
		t.Errorf("listed: %v", listed)
	}
	f.call(t, "POST", path+"/lifecycle/deactivate", nil).must(t, 204)
	if read := f.call(t, "GET", path, nil).must(t, 200).object(t); read["status"] != "INACTIVE" {
		t.Errorf("status %v", read["status"])
	}
	f.call(t, "DELETE", path, nil).must(t, 204)
	f.call(t, "GET", path, nil).must(t, 404)
}

func TestEndpoints_AnswerWithTheDocumentedStatus(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	id := f.createApp(t, "app")
	secret := f.call(t, "GET", "/api/v1/apps/"+id+"/credentials/secrets", nil).list(t)[0]["id"].(string)
	for target, status := range map[string]int{
		"GET /api/v1/apps/" + id + "/credentials/secrets/" + secret:             200,
		"GET /api/v1/apps/" + id + "/tokens":                                    200,
		"DELETE /api/v1/apps/" + id + "/tokens":                                 204,
		"GET /api/v1/rate-limit-settings/per-client":                            200,
		"GET /api/v1/principal-rate-limits":                                     400,
		"PUT /api/v1/apps/" + id + "/policies/rst00000000000000000":             404,
		"GET /api/v1/apps?limit=many":                                           400,
		"GET /api/v1/apps?after=nowhere":                                        400,
		"GET /api/v1/apps?filter=label+eq+%22app%22":                            400,
		"GET /api/v1/apps/0oa00000000000000000":                                 404,
		"POST /api/v1/apps/0oa00000000000000000/lifecycle/deactivate":           404,
		"POST /api/v1/apps/" + id + "/lifecycle/activate":                       200,
		"GET /api/v1/internal/apps/0oa00000000000000000/settings/oauth/idToken": 404,
	} {
		method, path, _ := strings.Cut(target, " ")
		f.call(t, method, path, nil).must(t, status)
	}
}
