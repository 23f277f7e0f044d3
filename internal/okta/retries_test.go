package okta_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/okta/okta-sdk-golang/v2/okta/query"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// cutting is a server that closes every connection without an answer. The second request ends the context: an SDK that repeats on
// its own would do so without end.
func cutting(t *testing.T) (server *httptest.Server, ctx context.Context, asked *atomic.Int64) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	asked = &atomic.Int64{}
	server = httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if asked.Add(1) > 1 {
			cancel()
		}
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	return server, ctx, asked
}

// TestSDK_ConnectionIsCut_RepeatsNothing leaves our transport out, which hides an EOF from the SDK: each of the two is a guard.
func TestSDK_ConnectionIsCut_RepeatsNothing(t *testing.T) {
	t.Parallel()
	server, ctx, asked := cutting(t)
	client, err := okta.NewSDK(server.URL, secret.New(token), server.Client())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := client.Application.CreateApplication(ctx, sdk.NewOpenIdConnectApplication(), query.NewQueryParams()); err == nil {
		t.Error("no failure")
	}
	if asked.Load() != 1 {
		t.Errorf("the SDK sent %d requests", asked.Load())
	}
}

func TestCreateApp_ConnectionIsCut_RepeatsNothing(t *testing.T) {
	t.Parallel()
	server, ctx, asked := cutting(t)
	client, err := okta.New(server.URL, secret.New(token), transport.Options{Base: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateApp(ctx, app()); !transport.Is(err, transport.Disconnected) {
		t.Errorf("got %v", err)
	}
	if asked.Load() != 1 {
		t.Errorf("%d requests were sent", asked.Load())
	}
}
