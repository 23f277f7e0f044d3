package document_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/document"
)

func TestStrict(t *testing.T) {
	t.Parallel()
	for name, each := range map[string]struct{ document, want string }{
		"a misspelt key":        {`{"name": "a", "policy": {"alow": {"groups": ["Engineering"]}}}`, "policy.alow is not a known key; did you mean allow?"},
		"one at the top":        {`{"polcy": {"alow": 7}}`, "polcy is not a known key; did you mean policy?"},
		"another case":          {`{"policy": {"Allow": {}}}`, "policy.Allow is not a known key; did you mean allow?"},
		"nothing near":          {`{"okta": {"zebra": [{"name": 1}]}}`, "okta.zebra is not a known key; known here are org, app_label"},
		"a key twice":           {`{"adopt": false, "adopt": true}`, "adopt is there a second time; leave one of the two out"},
		"a key in a strange":    {`{"x": {"name": 1, "name": 2}}`, "x is not a known key"},
		"known keys":            {`{"name": "a", "okta": {"assign_groups": ["x"]}, "cloudflare": {"pkce": false}, "time_budget": "10s"}`, ""},
		"another type":          {`{"policy": [{"alow": 7}], "name": {"x": 1}}`, ""},
		"no object":             {`["name"]`, ""},
		"nothing but null":      {`null`, ""},
		"a section that's null": {`{"policy": null}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults, err := document.Strict([]byte(each.document))
			if err != nil {
				t.Fatal(err)
			}
			told := ""
			if len(faults) > 0 {
				told = (&connection.Faults{Faults: faults}).Error()
			}
			if strings.Count(told, "\n") > 0 || !strings.HasPrefix(told, each.want) || (each.want == "") != (told == "") {
				t.Errorf("faults: %q, want %q", told, each.want)
			}
		})
	}
}

func TestStrict_EveryFieldOfADocument_IsKnown(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../examples/acme.json")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := document.Parse(example, "acme.json")
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{example, encoded} {
		if faults, err := document.Strict(data); err != nil || len(faults) > 0 {
			t.Errorf("faults: %v, %v in %s", faults, err, data)
		}
	}
}

func TestStrict_BrokenJSON_IsAnError(t *testing.T) {
	t.Parallel()
	for _, data := range []string{``, `{`, `{"name": `, `{"policy": {"allow"`, `[1,`} {
		if _, err := document.Strict([]byte(data)); err == nil {
			t.Errorf("%q was read", data)
		}
	}
}

func TestStrictOf_AnotherType_HasKeysOfItsOwn(t *testing.T) {
	t.Parallel()
	faults, err := document.StrictOf[connection.InventoryRequest]([]byte(`{"name": "acme", "org": ["acme"]}`))
	if err != nil || len(faults) != 1 || !strings.HasPrefix((&connection.Faults{Faults: faults}).Error(), "org is not a known key; did you mean orgs?") {
		t.Errorf("faults: %v, %v", faults, err)
	}
	faults, err = document.StrictOf[connection.InventoryRequest]([]byte(`{"name": "acme", "orgs": ["acme"]}`))
	if err != nil || len(faults) != 0 {
		t.Errorf("faults: %v, %v", faults, err)
	}
}
