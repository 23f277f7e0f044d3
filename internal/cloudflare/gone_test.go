package cloudflare_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	sandbox "github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

// lagging answers requests for single things with 404 although they are there.
func lagging(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimSuffix(r.URL.Path, "/")
		if last := path[strings.LastIndex(path, "/")+1:]; len(last) == 36 {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"success":false,"errors":[{"code":12135,"message":"not found"}],"messages":[],"result":null}`))
			return
		}
		api.ServeHTTP(w, r)
	})
}

func TestNotFound_ThingIsStillListed_IsNotTakenForGone(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.register(t)
	wiki := f.api.Applications(account)[0]["id"].(string)
	server := httptest.NewTLSServer(lagging(f.api))
	t.Cleanup(server.Close)
	client, err := cloudflare.New(server.URL+sandbox.Base, account, secret.New(token), transport.Options{Base: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.DeleteIdentityProvider(f.ctx, id); !transport.Is(err, transport.NotFound) {
		t.Errorf("deleting it was answered with %v", err)
	}
	if found, err := client.GetIdentityProvider(f.ctx, id); found != nil || !transport.Is(err, transport.NotFound) {
		t.Errorf("reading it was answered with %v, %v", found, err)
	}
	if err := client.DetachPolicy(f.ctx, wiki, id, nil); !transport.Is(err, transport.NotFound) {
		t.Errorf("detaching was answered with %v", err)
	}
	if err := f.DeleteIdentityProvider(f.ctx, id); err != nil {
		t.Fatal(err)
	}
	if err := client.DeleteIdentityProvider(f.ctx, id); err != nil {
		t.Errorf("what is listed no more is gone, not %v", err)
	}
}
