package okta_test

import "testing"

func TestClaim_RefusesWhatCantBeAClaim(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	path := "/api/v1/internal/apps/" + f.createApp(t, "app") + "/settings/oauth/idToken"
	for _, test := range []struct {
		name   string
		change map[string]any
	}{
		{"no name", map[string]any{"name": nil}},
		{"no value", map[string]any{"value": ""}},
		{"unknown value type", map[string]any{"valueType": "SYSTEM"}},
		{"unknown filter type", map[string]any{"groupFilterType": "LIKE"}},
		{"no regular expression", map[string]any{"value": "("}},
	} {
		body := map[string]any{
			"valueType": "GROUPS", "groupFilterType": "REGEX", "issuerMode": "ORG_URL", "name": "groups", "value": ".*",
		}
		for key, value := range test.change {
			body[key] = value
		}
		if code := f.call(t, "POST", path, body).must(t, 400).object(t)["errorCode"]; code != "E0000001" {
			t.Errorf("%s: %v", test.name, code)
		}
	}
	if claim := f.call(t, "GET", path, nil).must(t, 200).object(t); claim["name"] != nil {
		t.Errorf("claim %v, want none", claim)
	}
}
