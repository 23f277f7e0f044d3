// Package conformance checks what the sandbox answers against the providers' own API descriptions. The
// descriptions are no part of this repository: who has them says where they are, and the others go without.
package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
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

// Shared is one validator for all tests of a process, or the reason why there is none.
var Shared = sync.OnceValues(func() (*V, error) {
	reference, err := ReferenceDir()
	if err != nil {
		return nil, err
	}
	return Validator(reference)
})

// Observer is Observe of the shared validator, for kit.WithObserver; where there is none, it does nothing.
func Observer() func(*http.Request, int, http.Header, []byte) {
	v, err := Shared()
	if err != nil {
		return func(*http.Request, int, http.Header, []byte) {}
	}
	return v.Observe
}

// Report ends the tests of a package: it prints what the shared validator found, or why there is none, and
// gives the exit code that the tests then have.
func Report(code int) int {
	v, err := Shared()
	if err != nil {
		fmt.Println("answers are not checked against the descriptions:", err)
		return code
	}
	for _, violation := range v.Violations() {
		fmt.Println("differs from the description:", violation)
		code = max(code, 1)
	}
	return code
}

// description is one provider's, and what its paths start with here.
type description struct {
	name   string
	base   string
	paths  []path
	schema *openapi3.T
}

// path is a template such as /apps/{id}, cut at its slashes.
type path struct {
	template string
	parts    []string
	item     *openapi3.PathItem
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

// identifier is a part of a path that is an id: Okta's, a UUID, or 32 hexadecimal digits.
var identifier = regexp.MustCompile(`/(0oa|00g|00u|aus|nzo|ocl|rst|scp)[0-9A-Za-z]{17}|/[0-9a-f-]{32,36}`)

// check names the operation and says what is wrong with the answer.
func (d *description) check(method, local string, status int, header http.Header, body []byte) (operation string, problems []string) {
	found := d.find(method, local)
	if found == nil {
		return fmt.Sprintf("%s %s %s", d.name, method, identifier.ReplaceAllString(local, "/{id}")), []string{fmt.Sprintf("%d from an operation that isn't described", status)}
	}
	operation = fmt.Sprintf("%s %s %s %d", d.name, method, found.template, status)
	response := found.item.GetOperation(method).Responses.Status(status)
	if response == nil {
		return operation, []string{"the status isn't described"}
	}
	content := response.Value.Content
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	media := content.Get(kind)
	switch {
	case len(content) == 0 || media == nil && len(body) == 0:
		return operation, nil
	case media == nil:
		return operation, []string{fmt.Sprintf("the content type %q isn't described", kind)}
	case media.Schema == nil || !strings.HasSuffix(kind, "json"):
		return operation, nil
	}
	var value any
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&value); err != nil {
		return operation, []string{"the body isn't JSON"}
	}
	err := media.Schema.Value.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors())
	return operation, flatten(err)
}

// find is the most particular path that has the method: /groups/rules before /groups/{id}.
func (d *description) find(method, local string) *path {
	parts := strings.Split(local, "/")
	var best *path
	for index := range d.paths {
		candidate := &d.paths[index]
		if candidate.item.GetOperation(method) == nil || !candidate.fits(parts) {
			continue
		}
		if best == nil || strings.Count(candidate.template, "{") < strings.Count(best.template, "{") {
			best = candidate
		}
	}
	return best
}

func (p *path) fits(parts []string) bool {
	if len(parts) != len(p.parts) {
		return false
	}
	for index, part := range p.parts {
		if !strings.HasPrefix(part, "{") && part != parts[index] {
			return false
		}
	}
	return true
}

// flatten makes one line of each error, without the values: they may be secrets.
func flatten(err error) []string {
	if err == nil {
		return nil
	}
	var several openapi3.MultiError
	if errors.As(err, &several) {
		lines := []string{}
		for _, inner := range several {
			lines = append(lines, flatten(inner)...)
		}
		return lines
	}
	var problem *openapi3.SchemaError
	if errors.As(err, &problem) {
		pointer := "/" + strings.Join(problem.JSONPointer(), "/")
		if problem.Origin != nil && len(flatten(problem.Origin)) > 0 {
			return []string{pointer + ": " + problem.Reason + " (" + strings.Join(flatten(problem.Origin), "; ") + ")"}
		}
		return []string{pointer + ": " + problem.Reason}
	}
	return []string{err.Error()}
}
