package okta_test

import (
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestEndpoints_RefuseABodyThatIsNoObject(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.AuthorizationServers = true })
	app := "/api/v1/apps/" + f.createApp(t, "app")
	for _, target := range []string{
		"POST /api/v1/apps", "PUT " + app, "POST " + app + "/credentials/secrets", "POST /api/v1/groups", "PUT /api/v1/groups/" + f.org.GroupID("Support"),
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

// TestPolicies_AppsHaveOneOfThem: a client finds the default one by its being the system's.
func TestPolicies_AppsHaveOneOfThem(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	listed := f.call(t, "GET", "/api/v1/policies?type=ACCESS_POLICY", nil).must(t, 200).list(t)
	if len(listed) != 2 || listed[0]["system"] != true || listed[1]["system"] != false {
		t.Fatalf("listed: %v", listed)
	}
	for _, policy := range listed {
		id := policy["id"].(string)
		f.call(t, "GET", "/api/v1/policies/"+id, nil).must(t, 200)
		f.call(t, "PUT", "/api/v1/apps/"+f.createApp(t, "app")+"/policies/"+id, nil).must(t, 204)
	}
	classic := serve(t, func(c *okta.Config) { c.OIE = false })
	if listed := classic.call(t, "GET", "/api/v1/policies?type=ACCESS_POLICY", nil).must(t, 200).list(t); len(listed) != 0 {
		t.Errorf("a Classic org has %v", listed)
	}
}

func TestGroups_OktasOwn_AreRenamed(t *testing.T) {
	t.Parallel()
	f := serve(t, directory)
	path := func(name string) string { return "/api/v1/groups/" + f.org.GroupID(name) }
	rename := func(name string) map[string]any { return map[string]any{"profile": map[string]any{"name": name}} }
	support := path("Support")
	if renamed := f.call(t, "PUT", support, rename("Help")).must(t, 200).object(t); dig(renamed, "profile", "name") != "Help" || dig(renamed, "profile", "description") != "" {
		t.Errorf("renamed: %v", renamed)
	}
	f.call(t, "PUT", support, rename("Help")).must(t, 200)
	f.call(t, "PUT", support, rename("AD Staff")).must(t, 200) // a directory's group may have the name too
	for target, status := range map[string]int{support: 400, path("Everyone"): 403, "/api/v1/groups/00gnosuchgroup000000": 404} {
		f.call(t, "PUT", target, rename("Engineering")).must(t, status)
	}
	f.call(t, "PUT", path("AD Admins"), rename("Admins")).must(t, 403)
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
		"GET /api/v1/users/me":                                                  200,
		"GET /api/v1/policies":                                                  400,
		"GET /api/v1/policies?type=PASSWORD":                                    200,
		"GET /api/v1/policies/rst00000000000000000":                             404,
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

// TestAuthorizationServers_PoliciesAndRules_TellWhatCanBeDone: their times and links are what clients go on with.
func TestAuthorizationServers_PoliciesAndRules_TellWhatCanBeDone(t *testing.T) {
	t.Parallel()
	var now clock
	f := serve(t, func(c *okta.Config) { c.AuthorizationServers, c.Clock = true, now.now })
	const policies = "/api/v1/authorizationServers/default/policies"
	policy := policies + "/" + f.call(t, "POST", policies, map[string]any{"name": "Access"}).must(t, 201).object(t)["id"].(string)
	rule := policy + "/rules/" + f.call(t, "POST", policy+"/rules", map[string]any{"name": "All"}).must(t, 201).object(t)["id"].(string)
	for path, others := range map[string][]string{policy: {"rules"}, rule: nil} {
		now.seconds.Store(10)
		check := func(status, lifecycle string, updated int64) {
			t.Helper()
			got := f.call(t, "GET", path, nil).must(t, 200).object(t)
			want := map[string]any{
				"created": "2027-01-15T08:00:00.000Z", "status": status,
				"lastUpdated": time.Unix(1_800_000_000+updated, 0).UTC().Format("2006-01-02T15:04:05.000Z"),
			}
			for key, value := range want {
				if got[key] != value {
					t.Errorf("%s: %s is %v, want %v", path, key, got[key], value)
				}
			}
			links := got["_links"].(map[string]any)
			for _, name := range append([]string{"self", lifecycle}, others...) {
				if links[name] == nil {
					t.Errorf("%s has no link %s: %v", path, name, links)
				}
			}
			if len(links) != 2+len(others) {
				t.Errorf("%s has links %v", path, links)
			}
		}
		check("ACTIVE", "deactivate", 0)
		f.call(t, "POST", path+"/lifecycle/deactivate", nil).must(t, 204)
		check("INACTIVE", "activate", 10)
		now.seconds.Store(20)
		f.call(t, "POST", path+"/lifecycle/activate", nil).must(t, 204)
		check("ACTIVE", "deactivate", 20)
		now.seconds.Store(30)
		f.call(t, "PUT", path, map[string]any{"name": "Renamed", "created": "1970-01-01T00:00:00.000Z"}).must(t, 200)
		check("ACTIVE", "deactivate", 30)
	}
	const claims = "/api/v1/authorizationServers/default/claims"
	claim := f.call(t, "POST", claims, map[string]any{"name": "groups"}).must(t, 201).object(t)
	if claim["created"] != nil || len(claim["_links"].(map[string]any)) != 1 {
		t.Errorf("a claim has neither times nor a lifecycle: %v", claim)
	}
	f.call(t, "POST", claims+"/"+claim["id"].(string)+"/lifecycle/deactivate", nil).must(t, 404)
}
