package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

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
	return operation, checkContent(response.Value.Content, header, body)
}

// checkContent says what is wrong with a body: with its type, or its shape.
func checkContent(content openapi3.Content, header http.Header, body []byte) []string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	media := content.Get(kind)
	switch {
	case len(content) == 0 || media == nil && len(body) == 0:
		return nil
	case media == nil:
		return []string{fmt.Sprintf("the content type %q isn't described", kind)}
	case media.Schema == nil || !strings.HasSuffix(kind, "json"):
		return nil
	}
	var value any
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&value); err != nil {
		return []string{"the body isn't JSON"}
	}
	respell(value)
	return flatten(media.Schema.Value.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors()))
}

// respell gives a rule's identity provider the key that the description knows: rules that the dashboard wrote have another, and the API
// gives them back so.
func respell(value any) {
	switch value := value.(type) {
	case []any:
		for _, each := range value {
			respell(each)
		}
	case map[string]any:
		if id, there := value["connection_id"]; there && value["identity_provider_id"] == nil {
			value["identity_provider_id"] = id
		}
		for _, each := range value {
			respell(each)
		}
	}
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
