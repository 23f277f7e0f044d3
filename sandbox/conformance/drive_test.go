package conformance_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/host"
)

type m = map[string]any

// drive sends requests to one of the services, and remembers the ids that it is told to.
type drive struct {
	t      *testing.T
	client *http.Client
	url    string
	auth   string
	ids    map[string]string
}

// send sends the request; {name} in the path and the body is a remembered id. What the answer's id is to be
// remembered as comes last.
func (d *drive) send(status int, call string, body any, as ...string) any {
	d.t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	method, path, _ := strings.Cut(call, " ")
	content, kind := string(encoded), "application/json"
	if form, ok := body.(url.Values); ok {
		content, kind = form.Encode(), "application/x-www-form-urlencoded"
	}
	for name, id := range d.ids {
		path, content = strings.ReplaceAll(path, "{"+name+"}", id), strings.ReplaceAll(content, "{"+name+"}", id)
	}
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, bytes.NewBufferString(content))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Authorization", d.auth)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Accept", "application/json")
	response, err := d.client.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, _ := io.ReadAll(response.Body)
	if response.StatusCode != status {
		d.t.Fatalf("%s: got %d %s, want %d", call, response.StatusCode, raw, status)
	}
	var got any
	_ = json.Unmarshal(raw, &got) // some answers are empty
	for _, name := range as {
		object := got.(m)
		if result, ok := object["result"].(m); ok {
			object = result
		}
		d.ids[name] = object["id"].(string)
	}
	return got
}

// oktaDrive sends requests to the org.
func oktaDrive(t *testing.T, sandbox *host.Sandbox) *drive {
	client := sandbox.CA.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(client.CloseIdleConnections)
	org := sandbox.Orgs["acme"]
	return &drive{t, client, org.URL, "SSWS " + org.Token, map[string]string{"g": org.Org.GroupID("Engineering")}}
}
