package transport_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestClient_Link_IsFollowedOnTheSameServerOnly(t *testing.T) {
	t.Parallel()
	const host = "https://acme.okta.example"
	next := []string{`<` + host + `/api/v1/apps?after=1&limit=2>; rel="next"`}
	for name, test := range map[string]struct {
		link []string
		want []string // nil is a refusal
		host string
		kind transport.Kind
	}{
		"two lines":             {[]string{"<" + host + `/api/v1/apps>; rel="self"`, next[0]}, next, "", ""},
		"two in a line":         {[]string{"<" + host + `/api/v1/apps>; rel="self", ` + next[0]}, next, "", ""},
		"spaces":                {[]string{" <" + host + "/api/v1/apps?after=1&limit=2> ; rel=next "}, next, "", ""},
		"self alone":            {[]string{"<" + host + `/api/v1/apps>; rel="self"`}, []string{}, "", ""},
		"none":                  {nil, []string{}, "", ""},
		"a path":                {[]string{`</api/v1/apps?after=1>; rel="next"`}, []string{`</api/v1/apps?after=1>; rel="next"`}, "", ""},
		"another host":          {[]string{`<https://evil.example/api/v1/apps>; rel="next"`}, nil, "evil.example", transport.Misdirected},
		"another port":          {[]string{"<" + host + `:8443/api/v1/apps>; rel="next"`}, nil, "acme.okta.example:8443", transport.Misdirected},
		"another scheme":        {[]string{`<http://acme.okta.example/api/v1/apps>; rel="next"`}, nil, "acme.okta.example", transport.Misdirected},
		"no scheme":             {[]string{`<//evil.example/api/v1/apps>; rel="next"`}, nil, "evil.example", transport.Misdirected},
		"the host goes on":      {[]string{`<.evil.example/api/v1/apps>; rel="next"`}, nil, "", transport.Misdirected},
		"the host is a user":    {[]string{`<x:@evil.example/>; rel="next"`}, nil, "", transport.Misdirected},
		"a user":                {[]string{`<https://evil@acme.okta.example/api/v1/apps>; rel="next"`}, nil, "acme.okta.example", transport.Misdirected},
		"an empty one":          {[]string{`<>; rel="next"`}, nil, "", transport.Misdirected},
		"a semicolon":           {[]string{"<" + host + `/api/v1/apps;x>; rel="next"`}, nil, "", transport.Malformed},
		"no URL":                {[]string{`<:%zz>; rel="next"`}, nil, "", transport.Malformed},
		"not closed":            {[]string{`<` + host}, nil, "", transport.Malformed},
		"the second one is bad": {[]string{next[0] + `, <https://evil.example>; rel="next"`}, nil, "evil.example", transport.Misdirected},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := answering(func(request *http.Request) *http.Response {
				recorder := httptest.NewRecorder()
				recorder.Header()["Link"] = test.link
				_, _ = io.WriteString(recorder, "{}")
				return recorder.Result()
			})
			response, err := transport.Client(dialect, transport.Options{Base: base}).Get(host + "/api/v1/apps")
			if test.want == nil {
				if failure := transport.As(err); failure == nil || failure.Kind != test.kind || failure.Host != test.host {
					t.Errorf("it is not refused as %s for %q: %v", test.kind, test.host, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if diff := cmp.Diff(test.want, append([]string{}, response.Header.Values("Link")...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// answering is a provider without a network.
type answering func(*http.Request) *http.Response

// RoundTrip answers.
func (a answering) RoundTrip(request *http.Request) (*http.Response, error) { return a(request), nil }
