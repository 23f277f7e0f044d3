package cloudflare_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// notFound is the answer for what isn't there.
func notFound(w http.ResponseWriter) {
	send(w, http.StatusNotFound, map[string]any{"code": 12135, "message": "access.api.error.not_found"}, nil)
}

func TestDelete_AcceptedAndNotDone_IsAFailureThatMayPass(t *testing.T) {
	t.Parallel()
	const id = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415"
	for name, remove := range map[string]func(*cloudflare.Client, context.Context) error{
		"identity provider": func(c *cloudflare.Client, ctx context.Context) error { return c.DeleteIdentityProvider(ctx, id) },
		"policy":            func(c *cloudflare.Client, ctx context.Context) error { return c.DeletePolicy(ctx, id) },
	} {
		for when, goneAfter := range map[string]int{"at once": 0, "after a while": 2, "never": 1 << 30} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				looks := 0
				client := settling(t, 200*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodDelete {
						send(w, http.StatusAccepted, map[string]any{"id": id}, nil)
						return
					}
					if looks++; looks > goneAfter {
						notFound(w)
						return
					}
					send(w, http.StatusOK, map[string]any{"id": last(r)}, nil)
				})
				err := remove(client, t.Context())
				if when != "never" && (err != nil || looks != goneAfter+1) {
					t.Errorf("%d looks, %v", looks, err)
				}
				if when == "never" && (!transport.Is(err, transport.Unavailable) || !transport.As(err).Retryable() || looks != 3) { // after 50 and after 100 ms more
					t.Errorf("%d looks, %v", looks, err)
				}
			})
		}
	}
}

func TestDelete_LookFails_IsTheLooksFailure(t *testing.T) {
	t.Parallel()
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			send(w, http.StatusAccepted, nil, nil)
			return
		}
		w.Header().Set("Retry-After", "7")
		send(w, http.StatusTooManyRequests, map[string]any{"code": 971, "message": "slow down"}, nil)
	})
	if err := client.DeletePolicy(t.Context(), "12345678"); !transport.Is(err, transport.RateLimited) {
		t.Errorf("got %v", err)
	}
}

// TestAttachPolicy_ServerError_SaysWhatIsGone has Cloudflare answer 500 as it does for a policy that someone deleted.
func TestAttachPolicy_ServerError_SaysWhatIsGone(t *testing.T) {
	t.Parallel()
	const application, policy = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", "699d98642c564d2e855e9661899b7252"
	for name, test := range map[string]struct {
		gone string // the collection of what is gone
		kind transport.Kind
		want string
	}{
		"the policy":            {"policies", transport.NotFound, "Access policy " + policy + " doesn't exist any more"},
		"the application":       {"apps", transport.NotFound, "Access application " + application + " doesn't exist any more"},
		"nothing":               {"", transport.Unavailable, "internal_server_error"},
		"what still is listed":  {"policies unlisted", transport.Unavailable, "internal_server_error"},
		"the look fails itself": {"broken", transport.Unavailable, "internal_server_error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			put := false
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				collection, unlisted := strings.CutSuffix(test.gone, " unlisted")
				single := last(r) == application || last(r) == policy
				switch {
				case r.Method == http.MethodPut:
					put = true
					send(w, http.StatusInternalServerError, map[string]any{"code": 10001, "message": "access.api.error.internal_server_error"}, nil)
				case put && test.gone == "broken":
					send(w, http.StatusServiceUnavailable, map[string]any{"code": 1, "message": "broken"}, nil)
				case put && single && collection != "" && strings.Contains(r.URL.Path, "/"+collection+"/"):
					notFound(w)
				case single:
					send(w, http.StatusOK, map[string]any{"id": last(r), "policies": []any{}}, nil)
				case unlisted:
					send(w, http.StatusOK, []any{map[string]any{"id": policy}}, nil)
				default:
					send(w, http.StatusOK, []any{}, nil)
				}
			})
			err := client.AttachPolicy(t.Context(), application, policy, planner.AtTheEnd, nil, nil)
			failure := transport.As(err)
			if failure == nil || failure.Kind != test.kind || failure.Status != http.StatusInternalServerError || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
