package okta_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	sandbox "github.com/accessbridge/accessbridge/sandbox/okta"
)

const noGroup = "00gnosuchgroup000000"

func TestGroupsByID_OfEveryKind_AreFoundInOneSearch(t *testing.T) {
	t.Parallel()
	f := serve(t)
	client, requests := f.counted(t)
	ours, theirs := f.org.CreateGroup(sandbox.Group{Name: "Same"}), f.org.CreateGroup(sandbox.Group{Name: "Same", Type: "APP_GROUP"})
	got, err := client.GroupsByID(f.ctx, []string{ours, theirs, ours}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]planner.Group{ours: {ID: ours, Name: "Same"}, theirs: {ID: theirs, Name: "Same", Imported: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if counts := requests.count(); counts != "0 0 1" {
		t.Errorf("requests (list, q, search): %s", counts)
	}
	if none, err := client.GroupsByID(f.ctx, nil, nil); err != nil || len(none) != 0 || requests.count() != "0 0 0" {
		t.Errorf("no ids: %v, %v", none, err)
	}
}

func TestGroupsByID_NotListedYet_IsReadByItself(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.org.CreateGroup(sandbox.Group{Name: "New"})
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("search") {
			_, _ = io.WriteString(w, "[]")
			return
		}
		f.org.ServeHTTP(w, r)
	})
	got, err := client.GroupsByID(f.ctx, []string{id, noGroup}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]planner.Group{id: {ID: id, Name: "New"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFoundGroups_AreKeptForTheNextAttempt(t *testing.T) {
	t.Parallel()
	f := serve(t)
	client, requests := f.counted(t)
	id := f.org.CreateGroup(sandbox.Group{Name: "Staff", Type: "APP_GROUP"})
	var found, next okta.FoundGroups
	look := func(found *okta.FoundGroups) (map[string]planner.Group, map[string][]planner.Group) {
		byID, err := client.GroupsByID(f.ctx, []string{id}, found)
		if err != nil {
			t.Fatal(err)
		}
		byName, err := client.GroupsByName(f.ctx, []string{"Staff"}, found)
		if err != nil {
			t.Fatal(err)
		}
		return byID, byName
	}
	firstByID, firstByName := look(&found)
	written, err := json.Marshal(&found)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written, &next); err != nil {
		t.Fatal(err)
	}
	requests.count()
	byID, byName := look(&next)
	if diff := cmp.Diff([]any{firstByID, firstByName}, []any{byID, byName}); diff != "" || requests.count() != "0 0 0" {
		t.Errorf("the second attempt asked again, or found otherwise: %s", diff)
	}
}

// TestFoundGroups_OfAnEarlierVersion_AreLookedForAnew: it wrote ids alone, which don't say where a group comes from.
func TestFoundGroups_OfAnEarlierVersion_AreLookedForAnew(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.org.CreateGroup(sandbox.Group{Name: "Staff", Type: "APP_GROUP"})
	var found okta.FoundGroups
	if err := json.Unmarshal([]byte(`{"Staff": ["`+id+`"], "Gone": ["00ggone0000000000000"]}`), &found); err != nil {
		t.Fatal(err)
	}
	groups, err := f.GroupsByName(f.ctx, []string{"Staff"}, &found)
	if err != nil || len(groups["Staff"]) != 1 || !groups["Staff"][0].Imported {
		t.Errorf("found %v, %v", groups, err)
	}
}
