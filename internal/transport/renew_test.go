package transport_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestRenew_ProviderRefusesTheToken_TheNewOneIsSent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		authorization string
		renew         func() (secret.Secret, error)
		want          []string
		refused       bool
	}{
		"another token":       {"SSWS old", func() (secret.Secret, error) { return secret.New("new"), nil }, []string{"SSWS old {}", "SSWS new {}", "SSWS new {}"}, false},
		"the same token":      {"Bearer old", func() (secret.Secret, error) { return secret.New("old"), nil }, []string{"Bearer old {}", "Bearer old {}"}, true},
		"an empty file":       {"Bearer old", func() (secret.Secret, error) { return secret.New(""), nil }, []string{"Bearer old {}", "Bearer old {}"}, true},
		"a file that is gone": {"Bearer old", func() (secret.Secret, error) { return secret.New("new"), errors.New("gone") }, []string{"Bearer old {}", "Bearer old {}"}, true},
		"no file":             {"Bearer old", nil, []string{"Bearer old {}", "Bearer old {}"}, true},
		"a client's secret":   {"Basic old", func() (secret.Secret, error) { return secret.New("new"), nil }, []string{"Basic old {}", "Basic old {}"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = append(got, r.Header.Get("Authorization")+" "+string(body))
				if !strings.HasSuffix(r.Header.Get("Authorization"), " new") {
					w.WriteHeader(http.StatusUnauthorized)
				}
				_, _ = w.Write([]byte("{}"))
			}))
			t.Cleanup(server.Close)
			client := transport.Client(dialect, transport.Options{Renew: test.renew})
			for range 2 {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader("{}"))
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Authorization", test.authorization)
				response, err := client.Do(request)
				if err == nil {
					_ = response.Body.Close()
				}
				if refused := transport.Is(err, transport.Unauthorized); refused != test.refused || !refused && err != nil {
					t.Errorf("error %v, want it refused: %v", err, test.refused)
				}
				if request.Header.Get("Authorization") != test.authorization {
					t.Error("the caller's request was changed")
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("sent %q, want %q", got, test.want)
			}
		})
	}
}
