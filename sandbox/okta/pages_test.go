package okta_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

var nextLink = regexp.MustCompile(`<https://[^/]+([^>]+)>; rel="next"`)

// pages follows the links of a list, and gives the names of the groups on each page.
func (f *fixture) pages(t *testing.T, path string) [][]string {
	t.Helper()
	var pages [][]string
	for path != "" {
		answer := f.call(t, "GET", path, nil).must(t, 200)
		names := []string{}
		for _, group := range answer.list(t) {
			names = append(names, dig(group, "profile", "name").(string))
		}
		pages = append(pages, names)
		path = ""
		if next := nextLink.FindStringSubmatch(strings.Join(answer.header.Values("Link"), " ")); next != nil {
			path = next[1]
		}
	}
	return pages
}

func TestPages_AreSmallerThanAskedFor_AndMove(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault, limit, want string
	}{
		{`"page_size":2`, "200", "[[Everyone Engineering] [Engineering Leads Support]]"},
		{`"page_size":3`, "200", "[[Everyone Engineering Engineering Leads] [Support]]"},
		{`"page_size":3`, "2", "[[Everyone Engineering] [Engineering Leads Support]]"},
		{`"page_size":2,"shift":1`, "200", "[[Everyone Engineering] [Engineering Engineering Leads] [Support]]"},
		{`"shift":1`, "1", "[[Everyone] [Everyone] [Engineering] [Engineering Leads] [Support]]"},
		{`"shift":-1`, "2", "[[Everyone Engineering] [Support]]"},
		{`"shift":-1`, "1", "[[Everyone] [Engineering Leads] [Support]]"},
		{`"shift":1`, "200", "[[Everyone Engineering Engineering Leads Support]]"},
	} {
		t.Run(test.fault+" of "+test.limit, func(t *testing.T) {
			t.Parallel()
			f := serve(t, nil)
			f.inject(t, `{"kind":"pages","path":"*/groups",`+test.fault+`}`)
			if got := fmt.Sprint(f.pages(t, "/api/v1/groups?limit="+test.limit)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestFiltered_ListsLeaveOut_ByItsIDEachIsThere(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	shown, hidden := f.createApp(t, "shown"), f.createApp(t, "hidden")
	group := f.org.GroupID("Support")
	f.call(t, "PUT", "/api/v1/apps/"+shown+"/groups/"+group, map[string]any{}).must(t, 200)
	secret := f.listIDs(t, "/api/v1/apps/"+shown+"/credentials/secrets")[0]
	f.inject(t, `{"kind":"filtered","hide":["hidd*","Support","`+secret+`"]}`)
	if ids := f.listIDs(t, "/api/v1/apps"); !slices.Contains(ids, shown) || slices.Contains(ids, hidden) {
		t.Errorf("apps: %q", ids)
	}
	for _, path := range []string{"/api/v1/groups?q=Support", "/api/v1/apps/" + shown + "/groups", "/api/v1/apps/" + shown + "/credentials/secrets"} {
		if ids := f.listIDs(t, path); len(ids) != 0 {
			t.Errorf("%s: %q", path, ids)
		}
	}
	for _, path := range []string{hidden, shown + "/groups/" + group, shown + "/credentials/secrets/" + secret} {
		f.call(t, "GET", "/api/v1/apps/"+path, nil).must(t, 200)
	}
}

func TestPages_OfQ_AreNone(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.Groups = append(c.Groups, okta.Group{Name: "Engine"}) })
	f.inject(t, `{"kind":"pages","page_size":1}`)
	if got := fmt.Sprint(f.pages(t, "/api/v1/groups?q=eng")); got != "[[Engineering Engineering Leads Engine]]" {
		t.Errorf("got %s", got)
	}
}
