package okta_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestGroups_AreFound(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) {
		c.Groups = append(c.Groups, okta.Group{Name: `The "A" team`}, okta.Group{Name: "Support", Type: "APP_GROUP"})
	})
	for _, test := range []struct {
		parameter, value string
		want             []string
		links            int
	}{
		{"q", "Engineering", []string{"Engineering", "Engineering Leads"}, 0},
		{"q", "engineering L", []string{"Engineering Leads"}, 0},
		{"q", "Leads", nil, 0},
		{"search", `profile.name eq "Engineering"`, []string{"Engineering"}, 1},
		{"search", `profile.name eq "engineering"`, []string{"Engineering"}, 1},
		{"search", `profile.name SW "eng" AND type Eq "okta_group"`, []string{"Engineering", "Engineering Leads"}, 1},
		{"search", `profile.description co "HELP"`, []string{"Support"}, 1},
		{"search", `profile.samAccountName eq "none"`, nil, 1},
		{"search", `source.id eq "0oanone"`, nil, 1},
		{"search", `created gt "2014-01-01T00:00:00.000Z" and id sw "00g" and type eq "BUILT_IN"`, []string{"Everyone"}, 1},
		{"search", `lastUpdated lt "2014-01-01T00:00:00.000+0000" or lastMembershipUpdated le "2014-01-01T00:00:00Z"`, nil, 1},
		{"filter", `type eq "built_in"`, nil, 1},
		{"filter", `lastMembershipUpdated ge "2014-01-01T00:00:00.000Z" and (type eq "BUILT_IN")`, []string{"Everyone"}, 1},
		{"search", `profile.name sw "Eng"`, []string{"Engineering", "Engineering Leads"}, 1},
		{"search", `profile.name co "Leads"`, []string{"Engineering Leads"}, 1},
		{"search", `profile.name eq "The \"A\" team"`, []string{`The "A" team`}, 1},
		{"search", `profile.name eq "Support" and type eq "OKTA_GROUP"`, []string{"Support"}, 1},
		{"search", `profile.name eq "Support" or profile.name eq "Everyone"`, []string{"Everyone", "Support", "Support"}, 1},
		{"search", `(profile.name eq "Support" or profile.name eq "Everyone") and type eq "OKTA_GROUP"`, []string{"Support"}, 1},
		{"search", `profile.name eq "Everyone" or profile.name eq "Support" and type eq "OKTA_GROUP"`, []string{"Everyone", "Support"}, 1},
		{"search", `type eq "APP_GROUP" and ((profile.name eq "Support") or(profile.name sw "(")) `, []string{"Support"}, 1},
		{"filter", `type eq "BUILT_IN"`, []string{"Everyone"}, 1},
		{"limit", "200", []string{"Everyone", "Engineering", "Engineering Leads", "Support", `The "A" team`, "Support"}, 1},
	} {
		t.Run(test.parameter+" "+test.value, func(t *testing.T) {
			answer := f.call(t, "GET", "/api/v1/groups?"+url.Values{test.parameter: {test.value}}.Encode(), nil).must(t, 200)
			var names []string
			for _, group := range answer.list(t) {
				names = append(names, dig(group, "profile", "name").(string))
			}
			if !slices.Equal(names, test.want) {
				t.Errorf("found %q, want %q", names, test.want)
			}
			if links := answer.header.Values("Link"); len(links) != test.links {
				t.Errorf("links %q, want %d", links, test.links)
			}
		})
	}
	for _, bad := range []string{
		`filter=profile.name+eq+"x"`, `search=profile.name+like+"x"`, `search=profile.name`,
		`filter=type+sw+"OKTA"`, `filter=created+gt+"2014-01-01T00:00:00.000Z"`, `search=type+co+"OKTA"`, `search=profile.name+pr`,
		`search=not+(type+eq+"x")`, `search=type+ne+"x"`, `search=profile.name+gt+"x"`, `search=created+gt+"yesterday"`, `search=Profile.name+eq+"x"`,
		`search=(profile.name+eq+"x"`, `search=profile.name+eq+"x")`, `search=()`, `search=profile.name+eq+"x"+or`,
		`search=profile.name+eq+"x"+orprofile.name+eq+"y"`, `search=` + strings.Repeat("(", 60),
	} {
		refused := f.call(t, "GET", "/api/v1/groups?"+url.PathEscape(bad), nil).must(t, 400)
		said := refused.object(t)
		causes := []any{map[string]any{"errorSummary": "Invalid search syntax."}}
		if strings.HasPrefix(bad, "filter") {
			causes = []any{}
		}
		if said["errorCode"] != "E0000031" || said["errorSummary"] != "Invalid search criteria." || !cmp.Equal(said["errorCauses"], causes) {
			t.Errorf("%s: %v", bad, said)
		}
	}
}

func TestGroups_QFindsAtMost300_WithoutANextPage(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	for i := range 301 {
		f.org.CreateGroup(okta.Group{Name: fmt.Sprintf("Team %03d", i)})
	}
	found := f.call(t, "GET", "/api/v1/groups?q=team", nil)
	if count, links := len(found.list(t)), found.header.Values("Link"); count != 300 || len(links) != 0 {
		t.Errorf("found %d with links %q, want 300 and none", count, links)
	}
	ctx, client := f.sdk(t)
	groups, response, err := client.Group.ListGroups(ctx, query.NewQueryParams(query.WithSearch(`profile.name sw "Team"`), query.WithLimit(200)))
	if err != nil {
		t.Fatal(err)
	}
	var rest []*sdk.Group
	if _, err := response.Next(ctx, &rest); err != nil || len(groups) != 200 || len(rest) != 101 {
		t.Errorf("pages of %d and %d, %v; want 200 and 101", len(groups), len(rest), err)
	}
}

func TestGroups_CreateAndDelete(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	body := map[string]any{"profile": map[string]any{"name": "Sales"}}
	id := f.call(t, "POST", "/api/v1/groups", body).must(t, 200).object(t)["id"].(string)
	refused := f.call(t, "POST", "/api/v1/groups", body).must(t, 400).object(t)
	if cause := causeOf(t, refused); cause != "name: An object with this field already exists in the current organization" {
		t.Errorf("refused because %v", cause)
	}
	app := f.createApp(t, "app")
	f.call(t, "PUT", "/api/v1/apps/"+app+"/groups/"+id, map[string]any{}).must(t, 200)
	f.call(t, "DELETE", "/api/v1/groups/"+id, nil).must(t, 204)
	f.call(t, "GET", "/api/v1/groups/"+id, nil).must(t, 404)
	f.call(t, "GET", "/api/v1/apps/"+app+"/groups/"+id, nil).must(t, 404)
	f.call(t, "DELETE", "/api/v1/groups/"+f.org.GroupID("Everyone"), nil).must(t, 403)
}

func TestAssignments_NeedAnActiveAppAndAGroup(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	id := f.createApp(t, "app")
	path := "/api/v1/apps/" + id + "/groups/"
	group := f.org.GroupID("Engineering")
	for _, test := range []struct {
		name, group string
		body        any
		status      int
		code        any
	}{
		{"no such group", "00g00000000000000000", map[string]any{}, 404, "E0000007"},
		{"priority 0", group, map[string]any{"priority": 0}, 500, "E0000009"},
		{"priority as text", group, map[string]any{"priority": "1"}, 400, "E0000001"},
		{"no body", group, nil, 200, nil},
		{"again", group, map[string]any{}, 200, nil},
	} {
		got := f.call(t, "PUT", path+test.group, test.body).must(t, test.status).object(t)
		if got["errorCode"] != test.code {
			t.Errorf("%s: %v, want %v", test.name, got["errorCode"], test.code)
		}
	}
	if list := f.call(t, "GET", "/api/v1/apps/"+id+"/groups", nil).list(t); len(list) != 1 || list[0]["priority"] != 0.0 {
		t.Errorf("assignments %v, want one with priority 0", list)
	}
	f.call(t, "DELETE", path+group, nil).must(t, 204)
	f.call(t, "DELETE", path+group, nil).must(t, 404)

	f.call(t, "POST", "/api/v1/apps/"+id+"/lifecycle/deactivate", nil).must(t, 200)
	refused := f.call(t, "PUT", path+group, map[string]any{}).must(t, 404).object(t)
	if want := "Not found: Resource not found: " + id + " (AppInstance)"; refused["errorSummary"] != want {
		t.Errorf("refused with %v, want %s", refused["errorSummary"], want)
	}
}

func TestAssignments_PageBy20_AndCanEmbedTheGroup(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	id := f.createApp(t, "app")
	for i := range 21 {
		if err := f.org.AssignGroup(id, f.org.CreateGroup(okta.Group{Name: fmt.Sprintf("Team %02d", i)})); err != nil {
			t.Fatal(err)
		}
	}
	page := f.call(t, "GET", "/api/v1/apps/"+id+"/groups?expand=group", nil)
	if count, links := len(page.list(t)), page.header.Values("Link"); count != 20 || len(links) != 2 {
		t.Errorf("%d items and links %q, want 20 and two", count, links)
	}
	if name := dig(page.list(t)[3], "_embedded", "group", "profile", "name"); name != "Team 03" {
		t.Errorf("embedded group %v", name)
	}
	if apps := f.call(t, "GET", "/api/v1/groups/"+f.org.GroupID("Team 07")+"/apps", nil).list(t); len(apps) != 1 || apps[0]["id"] != id {
		t.Errorf("the group's apps %v", apps)
	}
}

func TestAssignments_PrioritiesStartAt0_AndNoOneLosesTheirs(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	path := "/api/v1/apps/" + f.createApp(t, "app") + "/groups"
	for _, step := range []struct {
		group string
		body  map[string]any
		want  float64
	}{
		{"Engineering", map[string]any{}, 0},
		{"Support", map[string]any{}, 1},
		{"Engineering Leads", map[string]any{"priority": 1}, 1},
		{"Everyone", map[string]any{"priority": 7}, 7},
		{"Engineering", map[string]any{}, 0}, // again
	} {
		got := f.call(t, "PUT", path+"/"+f.org.GroupID(step.group), step.body).must(t, 200).object(t)["priority"]
		if got != step.want {
			t.Errorf("%s with %v: priority %v, want %v", step.group, step.body, got, step.want)
		}
	}
	var priorities []any
	for _, assignment := range f.call(t, "GET", path, nil).must(t, 200).list(t) {
		priorities = append(priorities, assignment["priority"])
	}
	if got := fmt.Sprint(priorities); got != "[0 1 1 7]" {
		t.Errorf("priorities %s, want each as it was given", got)
	}
}

func TestGroups_Search_IsSortedOverPages(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) {
		c.Users, c.Groups = nil, []okta.Group{{Name: "b", Description: "two"}, {Name: "C", Description: "one"}, {Name: "a", Description: "two"}}
	})
	ctx, client := f.sdk(t)
	for _, test := range []struct{ by, order, want string }{
		{"profile.name", "asc", "a b C"}, {"profile.name", "desc", "C b a"}, {"profile.name", "", "a b C"}, {"", "desc", "b C a"},
	} {
		query := query.NewQueryParams(query.WithSearch(`type eq "OKTA_GROUP"`), query.WithLimit(2), query.WithSortBy(test.by), query.WithSortOrder(test.order))
		groups, response, err := client.Group.ListGroups(ctx, query)
		if err != nil {
			t.Fatal(err)
		}
		var more []*sdk.Group
		if _, err := response.Next(ctx, &more); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, group := range append(groups, more...) {
			names = append(names, group.Profile.Name)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("by %q %q: %s, want %s", test.by, test.order, got, test.want)
		}
	}
}

func TestGroups_TimesOfChanges_CanBeSearchedFor(t *testing.T) {
	t.Parallel()
	var now clock
	f := serve(t, func(c *okta.Config) { c.Clock = now.now })
	support, path := f.org.GroupID("Support"), "/api/v1/groups/"
	found := func(field string) int {
		since := fmt.Sprint(f.call(t, "GET", path+f.org.GroupID("Everyone"), nil).must(t, 200).object(t)["created"])
		query := url.Values{"search": {field + ` gt "` + since + `"`}}.Encode()
		return len(f.call(t, "GET", "/api/v1/groups?"+query, nil).must(t, 200).list(t))
	}
	if found("lastUpdated") != 0 || found("lastMembershipUpdated") != 0 {
		t.Error("groups that nothing happened to were found")
	}
	now.seconds.Add(10)
	f.call(t, "PUT", path+support, map[string]any{"profile": map[string]any{"name": "Helpers"}}).must(t, 200)
	if found("lastUpdated") != 1 || found("lastMembershipUpdated") != 0 {
		t.Error("the changed group wasn't found, or as one with other members")
	}
	if err := f.org.AddMember(support, "ada@acme.example"); err != nil {
		t.Fatal(err)
	}
	if found("lastMembershipUpdated") != 1 || found("created") != 0 {
		t.Error("the group with a new member wasn't found")
	}
}
