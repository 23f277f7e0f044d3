package transport_test

import (
	"slices"
	"testing"

	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestEndpoints_Find(t *testing.T) {
	t.Parallel()
	endpoints := transport.NewEndpoints("/accounts/", map[string]string{
		"/accounts/{account}/apps": "app", "/accounts/{account}/apps/{app}": "app", "/accounts/{account}/apps/{app}/groups": "",
	})
	for path, want := range map[string]struct {
		endpoint, kind string
		ids            []string
	}{
		"/accounts/1/apps":                 {"/accounts/{account}/apps", "app", []string{"1"}},
		"/client/v4/accounts/1/apps/2":     {"/accounts/{account}/apps/{app}", "app", []string{"1", "2"}},
		"/accounts/1/apps/2/groups":        {"/accounts/{account}/apps/{app}/groups", "", []string{"1", "2"}},
		"/accounts/1/apps/2/groups/3":      {transport.OtherEndpoint, "", nil},
		"/accounts/1":                      {transport.OtherEndpoint, "", nil},
		"/accounts//apps":                  {transport.OtherEndpoint, "", nil},
		"/accounts/1/apps/../apps":         {transport.OtherEndpoint, "", nil},
		"/accounts/{account}/apps/{app}/x": {transport.OtherEndpoint, "", nil},
		"":                                 {transport.OtherEndpoint, "", nil},
		"*":                                {transport.OtherEndpoint, "", nil},
	} {
		endpoint, kind, ids := endpoints.Find(path)
		if endpoint != want.endpoint || kind != want.kind || !slices.Equal(ids, want.ids) {
			t.Errorf("%q is %q, %q, %q; want %+v", path, endpoint, kind, ids, want)
		}
	}
}
