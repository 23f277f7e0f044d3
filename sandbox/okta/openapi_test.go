package okta_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// described are the API's documented endpoints; nil where the document isn't here. Loading it takes a
// while: once is enough for all tests.
var described = sync.OnceValues(func() (routers.Router, error) {
	file := filepath.Join(reference(), "okta", "openapi.yaml")
	if _, err := os.Stat(file); err != nil {
		return nil, nil //nolint:nilerr // without the document, answers go unchecked
	}
	document, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	document.Servers = nil // the sandbox is served anywhere
	return gorillamux.NewRouter(document)
})

// checkAnswer holds an answer of the sandbox against the API's document. What the document doesn't tell of
// (internal endpoints, statuses that it leaves out) passes.
func checkAnswer(t *testing.T) func(*http.Request, int, http.Header, []byte) {
	return func(request *http.Request, status int, header http.Header, body []byte) {
		if err := validate(request, status, header, body); err != nil {
			t.Errorf("%s %s answers %d: %v", request.Method, request.URL, status, err)
		}
	}
}

// withoutNulls drops what is null: real answers have nulls in many places that the document doesn't tell of.
func withoutNulls(body []byte) []byte {
	var decoded any
	if json.Unmarshal(body, &decoded) != nil {
		return body
	}
	encoded, err := json.Marshal(dropNulls(decoded))
	if err != nil {
		return body
	}
	return encoded
}

func dropNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			if inner == nil {
				delete(value, key)
				continue
			}
			value[key] = dropNulls(inner)
		}
	case []any:
		for i, inner := range value {
			value[i] = dropNulls(inner)
		}
	}
	return value
}

func validate(request *http.Request, status int, header http.Header, body []byte) error {
	router, err := described()
	if err != nil || router == nil {
		return err
	}
	route, parameters, err := router.FindRoute(request)
	if err != nil || strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		return nil //nolint:nilerr // an endpoint or a page that the document doesn't tell of
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: request, PathParams: parameters, Route: route,
		},
		Status: status, Header: header, Body: io.NopCloser(bytes.NewReader(withoutNulls(body))),
	}
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		return fmt.Errorf("not as %s describes it: %w", route.Path, err)
	}
	return nil
}
