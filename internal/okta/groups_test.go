package okta_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/accessbridge/accessbridge/internal/planner"
	sandbox "github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestGroupsNamed_FindsExactlyThatName(t *testing.T) {
	t.Parallel()
	f := serve(t)
	ids := map[string][]string{}
	for _, name := range []string{"Engineering", "engineering", "Engineering Leads", "Twice", "Süd – 東京", `a" or profile.name sw "`} {
		ids[name] = []string{f.org.CreateGroup(sandbox.Group{Name: name})}
	}
	ids["Twice"] = append(ids["Twice"], f.org.CreateGroup(sandbox.Group{Name: "Twice", Type: "APP_GROUP"}))
	for _, name := range []string{"Engineering", "engineering", "Twice", "Süd – 東京", `a" or profile.name sw "`, "Eng", "Nobody"} {
		groups, err := f.GroupsNamed(f.ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ids[name], idsOf(groups), cmpopts.SortSlices(strings.Compare)); diff != "" {
			t.Errorf("%q: %s", name, diff)
		}
	}
}

func idsOf(groups []planner.Group) (ids []string) {
	for _, group := range groups {
		ids = append(ids, group.ID)
	}
	return slices.Sorted(slices.Values(ids))
}

// hostile are names that are legal in Okta, and expressions where they aren't escaped.
var hostile = []string{
	`x" or profile.name sw "`, `x\`, `x\"`, `x\" or id eq \"`, `x") or ("`, `x"`, `"x"`, `x' or 1 eq 1`, "x\t", "x%22&limit=1", `x and (`,
}

// TestGroupsNamed_TooManyBegin_SearchesForTheNameAndNothingElse makes the search by prefix useless, so that the client has to
// write the name into a search expression.
func TestGroupsNamed_TooManyBegin_SearchesForTheNameAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, name := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t)
			for i := range 301 {
				f.org.CreateGroup(sandbox.Group{Name: fmt.Sprintf("%s-%d", name, i)})
			}
			id := f.org.CreateGroup(sandbox.Group{Name: name}) // past the 300 that a search by prefix returns
			groups, err := f.GroupsNamed(f.ctx, name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{id}, idsOf(groups)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAssignments_MoreThanAPage_AreReadWithTheirNames(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.create(t)
	var want []string
	for i := range 205 {
		group := f.org.CreateGroup(sandbox.Group{Name: fmt.Sprintf("Group %d", i)})
		want = append(want, fmt.Sprintf("%s Group %d", group, i))
		if err := f.AssignGroup(f.ctx, id, planner.Group{ID: group}); err != nil {
			t.Fatal(err)
		}
	}
	groups, err := f.AssignedGroups(f.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, group := range groups {
		got = append(got, group.ID+" "+group.Name)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
		t.Error(diff)
	}
	for range 2 { // each can be repeated
		if err := f.UnassignGroup(f.ctx, id, groups[0].ID); err != nil {
			t.Error(err)
		}
		if err := f.AssignGroup(f.ctx, id, groups[1]); err != nil {
			t.Error(err)
		}
	}
	if groups, err = f.AssignedGroups(f.ctx, id); err != nil || len(groups) != 204 {
		t.Errorf("%d groups, %v", len(groups), err)
	}
}
