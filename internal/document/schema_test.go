package document_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/accessbridge/accessbridge/internal/document"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(document.Schema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("connection.schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("connection.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// check holds a document, in YAML, against the schema.
func check(t *testing.T, schema *jsonschema.Schema, text string) error {
	t.Helper()
	inJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(inJSON)))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestSchema_AcceptsTheExamples(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"the example of init": document.Example, "the least": least}
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples were found: %v", err)
	}
	for _, file := range append(files, "../../examples/acme.json") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(data)
	}
	schema := compiledSchema(t)
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := check(t, schema, text); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSchema_RefusesWhatParseRefuses(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	for name, text := range map[string]string{
		"no name":             "okta: {assign_groups: [x]}",
		"no okta":             "name: acme",
		"no groups":           "name: acme\nokta: {org: acme}",
		"empty groups":        "name: acme\nokta: {assign_groups: []}",
		"group twice":         "name: acme\nokta: {assign_groups: [x, x]}",
		"group of space":      "name: acme\nokta: {assign_groups: [' ']}",
		"empty group":         "name: acme\nokta: {assign_groups: ['']}",
		"upper case":          "name: Acme\nokta: {assign_groups: [x]}",
		"long name":           "name: " + strings.Repeat("a", 64) + "\nokta: {assign_groups: [x]}",
		"number for a name":   "name: 1\nokta: {assign_groups: [x]}",
		"unknown key":         least + "zebra: 1",
		"unknown key inside":  least + "policy: {allow: {group: [x]}}",
		"filter":              "name: acme\nokta: {assign_groups: [x], groups_claim: {filter: REGEXP, value: x}}",
		"filter alone":        "name: acme\nokta: {assign_groups: [x], groups_claim: {filter: REGEX}}",
		"two claims":          "name: acme\nokta: {assign_groups: [x], groups_claim: {filter: REGEX, value: x, expression: x}}",
		"long label":          "name: acme\nokta: {assign_groups: [x], app_label: " + strings.Repeat("a", 101) + "}",
		"empty label":         "name: acme\nokta: {assign_groups: [x], app_label: ''}",
		"pkce":                least + "cloudflare: {pkce: maybe}",
		"e-mail":              least + "policy: {allow: {emails: [nobody]}}",
		"e-mail domain":       least + "policy: {allow: {email_domains: ['@acme.example']}}",
		"application":         least + "policy: {applications: ['https://wiki.acme.example']}",
		"on_failure":          least + "on_failure: ignore",
		"time_budget":         least + "time_budget: soon",
		"number for duration": least + "time_budget: 15",
		"text for a list":     "name: acme\nokta: {assign_groups: x}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if check(t, schema, text) == nil {
				t.Error("the schema accepts it")
			}
			if _, err := document.Parse([]byte(text), ""); err == nil {
				t.Error("Parse accepts it")
			}
		})
	}
}
