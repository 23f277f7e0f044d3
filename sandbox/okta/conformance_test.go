package okta_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/conformance"
)

// recording is an exchange with a real org.
type recording struct {
	Request struct {
		Method string          `json:"method"`
		Path   string          `json:"path"`
		Body   json.RawMessage `json:"body"`
	} `json:"request"`
	Response struct {
		Status  int         `json:"status"`
		Headers http.Header `json:"headers"`
		Body    any         `json:"body"`
		// TruncatedFrom is how many items a list had of which the recording keeps the first few.
		TruncatedFrom int `json:"body_truncated_from"`
	} `json:"response"`
}

// readRecordings reads all recordings, by the number that their file's name begins with.
func readRecordings(t *testing.T) (recordings map[string]recording, names []string) {
	t.Helper()
	reference := conformance.NeedReference(t)
	files, err := filepath.Glob(filepath.Join(reference, "okta", "recorded", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	recordings = make(map[string]recording)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var read recording
		if err := json.Unmarshal(content, &read); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		recordings[name[:2]] = read
		names = append(names, name)
	}
	return recordings, names
}

func TestConformance_EveryRecordedExchange(t *testing.T) {
	t.Parallel()
	recordings, names := readRecordings(t)
	for _, name := range names {
		number := name[:2]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, prepared := states[number]
			if !prepared {
				t.Fatal("no state is written down for this recording")
			}
			compare(t, number, recordings, before)
		})
	}
}

// compare brings an org into the state in which the exchange was recorded, and repeats it.
func compare(t *testing.T, number string, recordings map[string]recording, before state) {
	t.Helper()
	scene := &scene{fixture: serve(t, before.org), recordings: recordings, ids: map[string]string{}}
	for _, step := range before.steps {
		step(t, scene)
	}
	recorded := recordings[number]
	got := scene.repeat(t, number)
	if got.status != recorded.Response.Status {
		t.Fatalf("status %d, recorded %d: %s", got.status, recorded.Response.Status, got.body)
	}
	compareLinks(t, recorded.Response.Headers.Values("Link"), got.header.Values("Link"))
	if recorded.Response.Body == nil {
		if len(got.body) > 0 {
			t.Errorf("body %s, recorded none", got.body)
		}
		return
	}
	if kind := got.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("content type %q", kind)
	}
	var body any
	if err := json.Unmarshal(got.body, &body); err != nil {
		t.Fatalf("%s: %v", got.body, err)
	}
	if before.only != nil {
		body = slices.DeleteFunc(body.([]any), func(item any) bool { return !before.only(item) })
	}
	if list, ok := body.([]any); ok && recorded.Response.TruncatedFrom > 0 {
		body = list[:min(len(list), len(recorded.Response.Body.([]any)))]
	}
	for _, difference := range differences("", recorded.Response.Body, body) {
		t.Error(difference)
	}
}

// compareLinks compares which links there are, each on a line of its own, and what they ask for.
func compareLinks(t *testing.T, want, got []string) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("Link lines %q, recorded %q", got, want)
	}
	pattern := regexp.MustCompile(`^<https://[^/]+(/[^?]*)\?(.*)>; rel="(\w+)"$`)
	for i := range want {
		wanted, found := pattern.FindStringSubmatch(want[i]), pattern.FindStringSubmatch(got[i])
		if wanted == nil || found == nil || wanted[3] != found[3] {
			t.Fatalf("Link %q, recorded %q", got[i], want[i])
		}
		if asked(wanted[2]) != asked(found[2]) {
			t.Errorf("Link asks for %q, recorded %q", found[2], wanted[2])
		}
	}
}

// asked is what a link asks for, whatever the order. Of a cursor only the form counts.
func asked(encoded string) string {
	values, _ := url.ParseQuery(encoded)
	if after := values.Get("after"); len(after) == 20 {
		values.Set("after", after[:3])
	}
	return values.Encode()
}
