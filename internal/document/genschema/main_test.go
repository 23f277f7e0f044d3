package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module is the directory of the module, as seen from this package.
const module = "../../.."

func TestSchema_IsCurrent(t *testing.T) {
	t.Parallel()
	want, err := generate("github.com/accessbridge/accessbridge/internal/document/genschema", module+"/connection")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		got, err := os.ReadFile(filepath.Join(module, file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(got), string(want)); diff != "" {
			t.Errorf("%s is out of date; run: go generate ./internal/document\n%s", file, diff)
		}
	}
}
