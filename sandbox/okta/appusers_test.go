package okta_test

import (
	"fmt"
	"strings"
	"testing"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"
)

// userID is the id of a person.
func (f *fixture) userID(t *testing.T, login string) string {
	t.Helper()
	return f.call(t, "GET", "/api/v1/users/"+login, nil).must(t, 200).object(t)["id"].(string)
}

func TestAppUsers_AreAssignedByThemselvesAndByGroups(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	ctx, client := p.sdk(t)
	bob := p.userID(t, "bob@acme.example")
	if _, _, err := client.Application.AssignUserToApplication(ctx, p.appID, sdk.AppUser{Id: bob, Scope: "USER"}); err != nil {
		t.Fatal(err)
	}
	users, _, err := client.Application.ListApplicationUsers(ctx, p.appID, query.NewQueryParams(query.WithLimit(1)))
	if err != nil || len(users) != 1 {
		t.Fatalf("%d users on the first page: %v", len(users), err)
	}
	scopes := map[string]string{}
	for _, user := range p.call(t, "GET", "/api/v1/apps/"+p.appID+"/users?expand=user", nil).must(t, 200).list(t) {
		scopes[dig(user, "_embedded", "user", "profile", "login").(string)] = user["scope"].(string)
	}
	if len(scopes) != 2 || scopes["ada@acme.example"] != "GROUP" || scopes["bob@acme.example"] != "USER" {
		t.Errorf("users %v", scopes)
	}
	if answer := p.signIn(t, p.browser(t), "bob@acme.example", "bob-password"); answer.Get("code") == "" {
		t.Errorf("the assigned person got no code: %v", answer)
	}
	changed, _, err := client.Application.UpdateApplicationUser(ctx, p.appID, bob, sdk.AppUser{Credentials: &sdk.AppUserCredentials{UserName: "rob"}})
	if err != nil || changed.Credentials.UserName != "rob" || changed.Scope != "USER" {
		t.Errorf("changed to %+v: %v", changed, err)
	}
	if _, err := client.Application.DeleteApplicationUser(ctx, p.appID, bob, nil); err != nil {
		t.Fatal(err)
	}
	p.call(t, "GET", "/api/v1/apps/"+p.appID+"/users/"+bob, nil).must(t, 404)
	if answer := p.signIn(t, p.browser(t), "bob@acme.example", "bob-password"); answer.Get("error") != "access_denied" {
		t.Errorf("after the assignment was taken: %v", answer)
	}
}

func TestAppUsers_AreRefusedInOktasWords(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	app := f.createApp(t, "app")
	path := "/api/v1/apps/" + app + "/users"
	ada := f.userID(t, "ada@acme.example")
	f.call(t, "POST", path, map[string]any{"scope": "USER"}).must(t, 400)
	f.call(t, "POST", path, map[string]any{"id": "00unone"}).must(t, 404)
	f.call(t, "POST", path+"/"+ada, map[string]any{}).must(t, 404)
	f.call(t, "DELETE", path+"/"+ada, nil).must(t, 404)
	if err := f.org.AssignGroup(app, f.org.GroupID("Engineering")); err != nil {
		t.Fatal(err)
	}
	refused := f.call(t, "DELETE", path+"/"+ada, nil).must(t, 403).object(t)
	if refused["errorCode"] != "E0000046" || !strings.Contains(fmt.Sprint(refused["errorCauses"]), "while their group memberships grant them access") {
		t.Errorf("refused with %v", refused)
	}
	f.call(t, "POST", "/api/v1/apps/"+app+"/lifecycle/deactivate", nil).must(t, 200)
	f.call(t, "POST", path, map[string]any{"id": ada}).must(t, 404)
}

func TestApp_WithoutProvisioning_HasNoFeatures(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	path := "/api/v1/apps/" + f.createApp(t, "app")
	f.call(t, "GET", path+"/features", nil).must(t, 400)
	if got := f.call(t, "GET", path+"/connections/default", nil).must(t, 200).object(t); got["status"] != "UNKNOWN" {
		t.Errorf("connection %v", got)
	}
	f.call(t, "GET", "/api/v1/apps/0oanone/features", nil).must(t, 404)
}

func TestGroupMembers_AreListedAddedAndRemoved(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	ctx, client := f.sdk(t)
	ada, support := f.userID(t, "ada@acme.example"), f.org.GroupID("Support")
	count := func() int {
		members, _, err := client.Group.ListGroupUsers(ctx, support, nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(members)
	}
	for range 2 { // the second time changes nothing
		if _, err := client.Group.AddUserToGroup(ctx, support, ada); err != nil {
			t.Fatal(err)
		}
	}
	groups, _, err := client.User.ListUserGroups(ctx, ada)
	if err != nil || count() != 2 || len(groups) != 3 {
		t.Errorf("%d members, Ada in %d groups: %v", count(), len(groups), err)
	}
	if _, err := client.Group.RemoveUserFromGroup(ctx, support, ada); err != nil || count() != 1 {
		t.Errorf("%d members: %v", count(), err)
	}
	f.call(t, "PUT", "/api/v1/groups/"+f.org.GroupID("Everyone")+"/users/"+ada, nil).must(t, 403)
	f.call(t, "PUT", "/api/v1/groups/"+support+"/users/00unone", nil).must(t, 404)
}
