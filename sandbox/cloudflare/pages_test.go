package cloudflare_test

import (
	"fmt"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

func TestPages_AreSmallerThanAskedFor_AndMove(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault kit.Fault
		want  []string // page 1, 2, … of what was created as 0, 1, 2, 3, 4
	}{
		{kit.Fault{PageSize: 2}, []string{"[0 1] of 5", "[2 3] of 5", "[4] of 5", "[] of 5"}},
		{kit.Fault{PageSize: 2, Shift: 1}, []string{"[0 1] of 5", "[1 2] of 6", "[3 4] of 6", "[] of 6"}},
		{kit.Fault{PageSize: 2, Shift: -1}, []string{"[0 1] of 5", "[3 4] of 4", "[] of 4"}},
		{kit.Fault{Shift: 1}, []string{"[0 1 2] of 5", "[2 3 4] of 6"}},
	} {
		f := start(t)
		test.fault.Kind, test.fault.Path = kit.KindPages, "*/access/policies"
		f.Inject(test.fault)
		for number := range 5 {
			f.must(t, 201, "POST", "policies", policy(fmt.Sprint(number), rule("everyone", m{})))
		}
		for index, want := range test.want {
			answer := f.must(t, 200, "GET", fmt.Sprintf("policies?per_page=3&page=%d", index+1), nil)
			info := answer.Body["result_info"].(m)
			if got := fmt.Sprintf("%v of %v", names(answer.results()), info["total_count"]); got != want {
				t.Errorf("%+v, page %d: got %s, want %s", test.fault, index+1, got, want)
			}
			size := 3.0
			if test.fault.PageSize > 0 {
				size = float64(test.fault.PageSize)
			}
			if info["per_page"] != size || info["count"] != float64(len(answer.results())) {
				t.Errorf("%+v, page %d: %v", test.fault, index+1, info)
			}
		}
	}
}

func TestFiltered_ListsLeaveOut_ByItsIDEachIsThere(t *testing.T) {
	t.Parallel()
	f := start(t)
	hidden := f.must(t, 201, "POST", "identity_providers", okta("hidden")).id()
	f.must(t, 201, "POST", "identity_providers", okta("shown"))
	reusable := f.must(t, 201, "POST", "policies", policy("policy", rule("everyone", m{}))).id()
	f.must(t, 201, "POST", "apps", m{"type": "self_hosted", "name": "hidden", "domain": "wiki.example"})
	f.Inject(kit.Fault{Kind: kit.KindFiltered, Hide: []string{"hid*", reusable}})
	for path, want := range map[string]string{"identity_providers": "[shown]", "policies": "[]", "apps": "[]"} {
		answer := f.must(t, 200, "GET", path, nil)
		total := answer.Body["result_info"].(m)["total_count"]
		if got := names(answer.results()); fmt.Sprint(got) != want || total != float64(len(got)) {
			t.Errorf("%s: %q of %v, want %s", path, got, total, want)
		}
	}
	f.must(t, 200, "GET", "identity_providers/"+hidden, nil)
	f.must(t, 200, "GET", "policies/"+reusable, nil)
}
