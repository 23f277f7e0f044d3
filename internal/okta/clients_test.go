package okta_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestClientKnown_IsTrueForThatClientAlone(t *testing.T) {
	t.Parallel()
	const id = "accessbridge-acme-1"
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		known  bool
		kind   transport.Kind // "" is no failure, or one that isn't the provider's
		fails  bool
	}{
		"known":            {always(200, `{"client_id":"`+id+`","client_name":"Access"}`), true, "", false},
		"unknown":          {always(404, `{"errorCode":"E0000007","errorSummary":"Not found"}`), false, "", false},
		"unknown to OAuth": {always(404, `{"error":"invalid_client","error_description":"unknown"}`), false, "", false},
		"another":          {always(200, `{"client_id":"accessbridge-acme-10"}`), false, "", true},
		"no such endpoint": {always(404, `{"errorCode":"E0000008","errorSummary":"not found"}`), false, transport.NotFound, true},
		"forbidden":        {always(403, `{"errorCode":"E0000006"}`), false, transport.Forbidden, true},
		"too many":         {always(429, `{"errorCode":"E0000047"}`), false, transport.RateLimited, true},
		"broken":           {always(500, `{"errorCode":"E0000009"}`), false, transport.Unavailable, true},
		"no JSON":          {always(200, `<html>`), false, transport.Malformed, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			known, err := answering(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.Path != "/oauth2/v1/clients/"+id {
					t.Errorf("%s %s was asked for", r.Method, r.URL.Path)
				}
				test.answer(w, r)
			}).ClientKnown(t.Context(), id)
			if known != test.known || (err != nil) != test.fails {
				t.Errorf("got %t, %v", known, err)
			}
			if failure := transport.As(err); (failure == nil) != (test.kind == "") || (failure != nil && failure.Kind != test.kind) {
				t.Errorf("got %v, want %s", err, test.kind)
			}
		})
	}
}

func TestClientKnown_WhatIsNoClientID_NeverReachesAPath(t *testing.T) {
	t.Parallel()
	f := serve(t)
	for _, id := range []string{"", ".", "..", "../apps", "a/b", "a?b", "a#b", "a b", "%2e%2e", "a\n"} {
		if _, err := f.ClientKnown(f.ctx, id); err == nil || transport.As(err) != nil {
			t.Errorf("ClientKnown(%q): %v, want a refusal before anything is sent", id, err)
		}
	}
}

func TestClientKnown_HasABucketOfItsOwn(t *testing.T) {
	t.Parallel()
	asked := map[string]int{}
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		w.Header().Set("X-Rate-Limit-Remaining", "0")
		w.Header().Set("X-Rate-Limit-Reset", "99999999999")
		always(404, `{"errorCode":"E0000007"}`)(w, r)
	})
	if _, err := client.ClientKnown(t.Context(), "accessbridge-acme-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := client.ClientKnown(t.Context(), "accessbridge-acme-2"); !transport.Is(err, transport.RateLimited) {
		t.Errorf("another client id has a bucket of its own: %v", err)
	}
	if _, err := client.Claim(t.Context(), "0oa12345"); !transport.Is(err, transport.NotFound) {
		t.Errorf("another endpoint shares the bucket: %v", err)
	}
}

func TestSecrets_ListsAllWithTheirStatus(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.create(t)
	path := "/api/v1/apps/" + id + "/credentials/secrets"
	f.post(t, path)
	newest, err := f.ActiveSecret(f.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	f.post(t, path+"/"+newest.ID+"/lifecycle/deactivate")
	found, err := f.Secrets(f.ctx, id)
	if err != nil || len(found) != 2 {
		t.Fatalf("%d secrets, %v", len(found), err)
	}
	statuses := map[string]bool{}
	for _, each := range found {
		if each.Hash == "" || each.Created.IsZero() || each.Value.IsZero() || (each.ID == newest.ID) != (each.Status == okta.SecretInactive) {
			t.Errorf("got %+v", each)
		}
		statuses[each.Status] = true
	}
	if diff := cmp.Diff(map[string]bool{okta.SecretActive: true, okta.SecretInactive: true}, statuses); diff != "" {
		t.Error(diff)
	}
}
