package conformance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// ReferenceVariable names the folder with okta/openapi.yaml and cloudflare/openapi.yaml.
const ReferenceVariable = "ACCESSBRIDGE_REFERENCE"

// ReferenceDir finds the folder with the descriptions: what the variable names, or ../shared/reference
// beside the repository. The error says why there is none.
func ReferenceDir() (string, error) {
	folder := os.Getenv(ReferenceVariable)
	if folder == "" {
		root, err := os.Getwd()
		if err != nil {
			return "", err
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			if root == filepath.Dir(root) {
				return "", errors.New("this is no checkout of the repository")
			}
			root = filepath.Dir(root)
		}
		folder = filepath.Join(root, "..", "shared", "reference")
	}
	if _, err := os.Stat(filepath.Join(folder, "cloudflare", "openapi.yaml")); err != nil {
		return "", fmt.Errorf("the API descriptions are not in %s; %s can name another folder", folder, ReferenceVariable)
	}
	return folder, nil
}

// NeedReference is ReferenceDir for a test that is skipped where there is none.
func NeedReference(t testing.TB) string {
	t.Helper()
	folder, err := ReferenceDir()
	if err != nil {
		t.Skip(err)
	}
	return folder
}
