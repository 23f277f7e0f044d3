package okta_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestDelete_AcceptedAndNotDone_IsAFailureThatMayPass(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(*okta.Client, context.Context) error{
		"app":        func(c *okta.Client, ctx context.Context) error { return c.DeleteApp(ctx, "0oa12345") },
		"assignment": func(c *okta.Client, ctx context.Context) error { return c.UnassignGroup(ctx, "0oa12345", "00g12345") },
	} {
		for _, done := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				looks := 0
				client := answering(t, func(w http.ResponseWriter, r *http.Request) {
					switch {
					case r.Method == http.MethodDelete:
						w.WriteHeader(http.StatusNoContent)
					case done:
						looks++
						w.WriteHeader(http.StatusNotFound)
						_, _ = io.WriteString(w, `{"errorCode":"E0000007"}`)
					default:
						looks++
						_, _ = io.WriteString(w, `{"id":"0oa12345"}`)
					}
				})
				err := remove(client, t.Context())
				if done && (err != nil || looks != 1) {
					t.Errorf("%d looks, %v", looks, err)
				}
				if !done && !transport.Is(err, transport.Unavailable) {
					t.Errorf("%d looks, %v", looks, err)
				}
			})
		}
	}
}
