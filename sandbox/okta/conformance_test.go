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
)

// knownDifferences are the recorded exchanges that the sandbox doesn't repeat, or not in full, and why.
// Where is a place in the body; without one, the exchange isn't tried at all.
var knownDifferences = []struct {
	recording, where, reason string
}{
	{"40", "", "users can't be read through the API: no step of the procedure needs them"},
	{"44", "", "network zones aren't served: no step of the procedure touches them"},
	{"47", "", "group owners aren't served: no step of the procedure touches them"},
	{"50", "", "authenticators aren't served: no step of the procedure touches them"},
	{"51", "", "group rules aren't served: 423 is injected as a fault where a test wants it"},
	{"52", "", "Okta's passing 500 on a deletion is injected as a fault where a test wants it"},
	{"26", "settings.oauthClient.jwks", "public keys are kept as they were sent: Okta gives them an id and a status"},
}

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

// referenceFolder finds the recordings, which aren't part of this repository.
func referenceFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(reference(), "okta", "recorded")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the recorded exchanges aren't here; ACCESSBRIDGE_REFERENCE names the folder that has them in okta/recorded")
	}
	return folder
}

// reference is where what is known of the real services would be.
func reference() string {
	if folder := os.Getenv("ACCESSBRIDGE_REFERENCE"); folder != "" {
		return folder
	}
	return filepath.Join("..", "..", "..", "shared", "reference")
}

// readRecordings reads all recordings, by the number that their file's name begins with.
func readRecordings(t *testing.T) (recordings map[string]recording, names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(referenceFolder(t), "*.json"))
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
			for _, known := range knownDifferences {
				if known.recording == number && known.where == "" {
					t.Skip("known difference: " + known.reason)
				}
			}
			if !prepared {
				t.Fatal("no state is written down for this recording, and no known difference")
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
		if !isKnown(number, difference) {
			t.Error(difference)
		}
	}
}

func isKnown(number, difference string) bool {
	for _, known := range knownDifferences {
		if known.recording == number && known.where != "" && strings.Contains(difference, "."+known.where+".") {
			return true
		}
	}
	return false
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
		wantedQuery, _ := url.ParseQuery(wanted[2])
		foundQuery, _ := url.ParseQuery(found[2])
		if wantedQuery.Encode() != foundQuery.Encode() {
			t.Errorf("Link asks for %q, recorded %q", found[2], wanted[2])
		}
	}
}
