package document_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/document"
)

func TestExample_IsAConnection(t *testing.T) {
	t.Parallel()
	if _, err := document.Parse([]byte(document.Example), "example.yaml"); err != nil {
		t.Error(err)
	}
}

func TestExample_ShowsEveryFieldWithAComment(t *testing.T) {
	t.Parallel()
	for path := range fieldsOf(reflect.TypeFor[connection.Spec](), "") {
		under, err := yaml.PathString("$." + path)
		if err != nil {
			t.Fatal(err)
		}
		if path == "okta.groups_claim.expression" { // it would exclude the filter
			if !strings.Contains(document.Example, "\n  # expression: ") {
				t.Errorf("the example doesn't show %s", path)
			}
			continue
		}
		if _, err := under.ReadNode(strings.NewReader(document.Example)); err != nil {
			t.Errorf("the example doesn't show %s: %v", path, err)
		}
	}
	for number, line := range strings.Split(document.Example, "\n") {
		if len(line) > 120 {
			t.Errorf("line %d of the example is %d characters long", number+1, len(line))
		}
	}
}

func TestExamples_AreConnections(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples were found: %v", err)
	}
	for _, file := range append(files, "../../examples/acme.json") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			parseFile(t, file)
		})
	}
}

func TestExamples_AreTheSameInYAMLAndJSON(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(parseFile(t, "../../examples/acme.yaml"), parseFile(t, "../../examples/acme.json")); diff != "" {
		t.Error(diff)
	}
}

func parseFile(t *testing.T, file string) connection.Spec {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := document.Parse(data, file)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// fieldsOf are the paths of all fields of the document, sections included, with their types.
func fieldsOf(section reflect.Type, under string) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for i := range section.NumField() {
		field := section.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		fields[under+name] = field.Type
		if field.Type.Kind() == reflect.Struct {
			for path, kind := range fieldsOf(field.Type, under+name+".") {
				fields[path] = kind
			}
		}
	}
	return fields
}
