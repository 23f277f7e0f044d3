package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module is the directory of the module, as seen from this package.
const module = "../../.."

func TestSchemas_AreCurrent(t *testing.T) {
	t.Parallel()
	for _, each := range schemas {
		schema, err := each.generate(origin{base: "github.com/accessbridge/accessbridge/internal/document/genschema", source: module + "/connection"})
		if err != nil {
			t.Fatal(err)
		}
		want, err := encode(schema)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range each.files {
			got, err := os.ReadFile(filepath.Join(module, file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(got), string(want)); diff != "" {
				t.Errorf("%s is out of date; run: go generate ./internal/document\n%s", file, diff)
			}
		}
	}
}
