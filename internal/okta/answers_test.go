package okta_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// answering is a client of an org that answers as told.
func answering(t *testing.T, answer http.HandlerFunc) *okta.Client {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	client, err := okta.New(server.URL, secret.New(token), transport.Options{Base: server.Client().Transport, Settle: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// always answers everything with a status and a body.
func always(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// TestEveryCall_OddAnswer_NothingOfItIsTold gives every call answers that hold a secret where the SDK, the JSON decoder or the
// OpenID library would quote it.
func TestEveryCall_OddAnswer_NothingOfItIsTold(t *testing.T) {
	t.Parallel()
	const shown = "Sh0wn-Secret_of-an-app"
	for name, answer := range map[string]http.HandlerFunc{
		"time":          always(200, `[{"id":"ocs1","status":"ACTIVE","created":"`+shown+`","client_secret":"`+shown+`"}]`),
		"id":            always(200, `{"id":"`+shown+`","issuer":"`+shown+`"}`),
		"number":        always(200, `{"id":7,"issuer":7}`),
		"error's code":  always(400, `{"errorCode":"`+shown+`"}`),
		"OAuth's error": always(400, `{"error":"`+shown+`"}`),
		"content type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/"+shown)
			_, _ = io.WriteString(w, "[]")
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+shown+".example/?error="+shown, http.StatusFound)
		},
		"redirect with an error": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, redirect+"?error="+shown, http.StatusFound)
		},
	} {
		client := answering(t, answer)
		for call, run := range calls(t.Context()) {
			if err := run(client); err != nil && strings.Contains(strings.ToLower(err.Error()), strings.ToLower(shown[:8])) {
				t.Errorf("%s: %s tells %v", name, call, err)
			}
		}
	}
}

func TestActiveSecret_Refused_OnlyTheCodeIsTold(t *testing.T) {
	t.Parallel()
	client := answering(t, always(403, `{"errorCode":"E0000006","errorSummary":"the record is {client_secret: s3cret}"}`))
	_, err := client.ActiveSecret(t.Context(), "0oa12345")
	if failure := transport.As(err); failure == nil || failure.Code != "E0000006" || strings.Contains(err.Error(), "record") {
		t.Errorf("got %v", err)
	}
}

func TestListApps_BothLinksInOneHeader_AreFollowed(t *testing.T) {
	t.Parallel()
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		at := "https://" + r.Host + "/api/v1/apps"
		if r.URL.Query().Get("after") == "" {
			w.Header().Set("Link", "<"+at+`>; rel="self", <`+at+`?after=1>; rel="next"`)
			_, _ = io.WriteString(w, `[{"id":"0oa00001"}]`)
			return
		}
		_, _ = io.WriteString(w, `[{"id":"0oa00002"}]`)
	})
	if apps, err := client.ListApps(t.Context()); err != nil || len(apps) != 2 {
		t.Errorf("%d apps, %v", len(apps), err)
	}
}

func TestIssuer_OfAnotherURL_IsSaid(t *testing.T) {
	t.Parallel()
	client := answering(t, always(200, `{"issuer":"https://other.okta.example"}`))
	if _, err := client.Issuer(t.Context()); err == nil || !strings.Contains(err.Error(), "its issuer is another URL") {
		t.Errorf("got %v", err)
	}
}
