package cloudflare_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestCreate_Failed_RepeatsNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		kind   transport.Kind
	}{
		"cut":       {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, transport.Disconnected},
		"500":       {func(w http.ResponseWriter, _ *http.Request) { send(w, http.StatusInternalServerError, nil, nil) }, transport.Unavailable},
		"too many":  {func(w http.ResponseWriter, _ *http.Request) { send(w, http.StatusTooManyRequests, nil, nil) }, transport.RateLimited},
		"not found": {func(w http.ResponseWriter, _ *http.Request) { notFound(w) }, transport.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				test.answer(w, r)
			})
			if _, err := client.CreateIdentityProvider(t.Context(), loginMethod(), cloudflare.Handed{ClientSecret: secret.New("one")}); !transport.Is(err, test.kind) {
				t.Errorf("got %v", err)
			}
			if asked.Load() != 1 {
				t.Errorf("%d requests were sent", asked.Load())
			}
		})
	}
}
