package document_test

import (
	"errors"
	"os"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/document"
)

// FuzzParse gives Parse anything: it must not fail in another way than by a *connection.Faults that says something, and
// what it accepts must stay accepted when it is written out and read again. More seeds are in testdata/fuzz.
func FuzzParse(f *testing.F) {
	f.Add([]byte(document.Example))
	if example, err := os.ReadFile("../../examples/acme.json"); err == nil {
		f.Add(example)
	}
	f.Add([]byte(least))
	for _, test := range faulty {
		if len(test.text) < 1000 {
			f.Add([]byte(test.text))
		}
	}
	for _, test := range hostile {
		if len(test.text) < 1000 {
			f.Add([]byte(test.text))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := document.Parse(data, "fuzz.yaml")
		if err != nil {
			var faults *connection.Faults
			if !errors.As(err, &faults) || len(faults.Faults) == 0 || !utf8.ValidString(err.Error()) {
				t.Fatalf("the error is %T: %q", err, err)
			}
			return
		}
		if err := spec.Validate(); err != nil {
			t.Fatalf("what was accepted is not valid with its defaults: %v", err)
		}
		written, err := yaml.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := document.Parse(written, "written.yaml"); err != nil {
			t.Fatalf("what was accepted is refused when written out: %v\n%s", err, written)
		}
	})
}
