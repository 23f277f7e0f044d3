// Package conformance checks what the sandbox answers against the providers' own API descriptions. The
// descriptions are no part of this repository: who has them says where they are, and the others go without.
package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// V collects how the answers that it saw differ from the descriptions. It is safe for concurrent use.
type V struct {
	descriptions []*description

	mutex      sync.Mutex
	violations map[string]bool
	seen       map[string]bool
	used       map[int]bool
}

// Validator loads the descriptions of both providers.
func Validator(referenceDir string) (*V, error) {
	v := &V{violations: map[string]bool{}, seen: map[string]bool{}, used: map[int]bool{}}
	// The first base that fits is the one: Okta's is the rest.
	for _, provider := range []struct{ name, base string }{{"cloudflare", "/client/v4"}, {"okta", ""}} {
		schema, err := openapi3.NewLoader().LoadFromFile(filepath.Join(referenceDir, provider.name, "openapi.yaml"))
		if err != nil {
			return nil, fmt.Errorf("load the description of %s: %w", provider.name, err)
		}
		loaded := &description{name: provider.name, base: provider.base, schema: schema}
		for template, item := range schema.Paths.Map() {
			loaded.paths = append(loaded.paths, path{template, strings.Split(template, "/"), item})
		}
		v.descriptions = append(v.descriptions, loaded)
	}
	return v, nil
}

// Observe checks one answer. It is a kit.Observer.
func (v *V) Observe(request *http.Request, status int, header http.Header, body []byte) {
	for _, candidate := range v.descriptions {
		if local, ok := strings.CutPrefix(request.URL.Path, candidate.base); ok {
			operation, problems := candidate.check(request.Method, local, status, header, body)
			v.add(operation, problems)
			return
		}
	}
}

func (v *V) add(operation string, problems []string) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	v.seen[operation] = true
	for _, problem := range problems {
		violation := operation + ": " + problem
		if index := known(violation); index >= 0 {
			v.used[index] = true
			continue
		}
		v.violations[violation] = true
	}
}

// Violations are the differences that aren't known ones, each once for each operation.
func (v *V) Violations() []string {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	return slices.Sorted(maps.Keys(v.violations))
}

// Operations are those that an answer was seen from.
func (v *V) Operations() []string {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	return slices.Sorted(maps.Keys(v.seen))
}

// Unmet are the known differences that no answer showed.
func (v *V) Unmet() []Difference {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	var unmet []Difference
	for index, difference := range KnownDifferences {
		if !v.used[index] {
			unmet = append(unmet, difference)
		}
	}
	return unmet
}
