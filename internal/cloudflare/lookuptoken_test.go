package cloudflare_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// TestUpdateIdentityProvider_LookupToken: an update replaces everything, and answers leave the token out.
func TestUpdateIdentityProvider_LookupToken(t *testing.T) {
	t.Parallel()
	token := secret.New("00group-lookup-token")
	for name, test := range map[string]struct {
		want   *string
		handed secret.Secret
		kept   any
	}{
		"is asked for":           {new(token.Fingerprint()), token, token.Reveal()},
		"is to be taken out":     {new(""), secret.Secret{}, nil},
		"nothing is known of it": {nil, secret.Secret{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t)
			made := loginMethod()
			made.LookupToken = new(token.Fingerprint())
			id, err := f.CreateIdentityProvider(f.ctx, made, cloudflare.Handed{ClientSecret: secret.New("one"), LookupToken: token})
			if err != nil {
				t.Fatal(err)
			}
			stored := func() any { return f.stored(id)["config"].(map[string]any)["api_token"] }
			if stored() != token.Reveal() {
				t.Errorf("it was made with token %v", stored())
			}
			if read, err := f.GetIdentityProvider(f.ctx, id); err != nil || read.LookupToken != nil || read.Unreadable != nil {
				t.Errorf("it reads as %+v, %v", read, err)
			}
			made.ID, made.Name, made.LookupToken = id, "Sign in", test.want
			if err := f.UpdateIdentityProvider(f.ctx, made, cloudflare.Handed{ClientSecret: secret.New("one"), LookupToken: test.handed}); err != nil {
				t.Fatal(err)
			}
			if stored() != test.kept {
				t.Errorf("after an update its token is %v, want %v", stored(), test.kept)
			}
		})
	}
}

// TestIdentityProvider_CloudflareQuotesTheLookupToken_IsHidden: its words go into histories.
func TestIdentityProvider_CloudflareQuotesTheLookupToken_IsHidden(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		quoted, _ := json.Marshal(map[string]any{"success": false, "errors": []any{map[string]any{"code": 12130, "message": string(body)}}})
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(quoted)
	}))
	t.Cleanup(server.Close)
	client, err := cloudflare.New(server.URL, account, secret.New(token), transport.Options{Base: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	want := loginMethod()
	want.LookupToken = new("f")
	_, err = client.CreateIdentityProvider(t.Context(), want, cloudflare.Handed{ClientSecret: secret.New("client-secret-long"), LookupToken: secret.New("00group-lookup-token")})
	if err == nil || !strings.Contains(err.Error(), secret.Redacted) || strings.Contains(err.Error(), "00group") || strings.Contains(err.Error(), "secret-long") {
		t.Errorf("the failure is told as %v", err)
	}
}
