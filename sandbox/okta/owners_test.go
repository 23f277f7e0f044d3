package okta_test

import (
	"testing"
)

func TestOwners_OfAGroup_AreAddedOnceAndTakenAway(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	group, other := f.org.GroupID("Engineering"), f.org.GroupID("Support")
	ada := f.call(t, "GET", "/api/v1/users/ada@acme.example", nil).must(t, 200).object(t)["id"].(string)
	before := stateOf(t, f.org)
	owners := "/api/v1/groups/" + group + "/owners"
	for _, test := range []struct {
		id, kind string
		status   int
	}{
		{ada, "USER", 201},
		{other, "GROUP", 201},
		{ada, "USER", 400},
		{ada, "GROUP", 404},
		{"00unobody", "USER", 404},
		{ada, "APP", 400},
	} {
		f.call(t, "POST", owners, map[string]any{"id": test.id, "type": test.kind}).must(t, test.status)
	}
	listed := f.call(t, "GET", owners, nil).must(t, 200).list(t)
	if len(listed) != 2 || listed[0]["displayName"] != "Ada Lovelace" || listed[1]["displayName"] != "Support" {
		t.Errorf("the owners are %v", listed)
	}
	if stateOf(t, f.org) == before {
		t.Error("the state doesn't show owners")
	}
	for _, id := range []string{ada, other} {
		f.call(t, "DELETE", owners+"/"+id, nil).must(t, 204)
		f.call(t, "DELETE", owners+"/"+id, nil).must(t, 404)
	}
	if stateOf(t, f.org) != before {
		t.Error("something of the owners is left")
	}
}
