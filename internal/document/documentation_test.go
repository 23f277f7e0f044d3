package document_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
)

func TestDocumentation_HasARowForEveryFieldWithItsDefault(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/connection.md")
	if err != nil {
		t.Fatal(err)
	}
	fields := fieldsOf(reflect.TypeFor[connection.Spec](), "")
	fallbacks := fallbacksOf(reflect.ValueOf(connection.Spec{Name: "a"}.WithDefaults()), reflect.ValueOf(connection.Spec{Name: "b"}.WithDefaults()), "")
	for path := range fields {
		row := "\n| `" + path + "` | "
		if fallback := fallbacks[path]; fallback != "" {
			row += "`" + fallback + "` |"
		}
		if !strings.Contains(string(text), row) {
			t.Errorf("docs/connection.md has no row that starts with %s", strings.TrimSpace(row))
		}
	}
	for _, line := range strings.Split(string(text), "\n") {
		if path, found := strings.CutPrefix(line, "| `"); found {
			path, _, _ = strings.Cut(path, "`")
			if fields[path] == nil {
				t.Errorf("docs/connection.md has a row for %s, which is no field", path)
			}
		}
	}
}

// fallbacksOf are the defaults that are the same for two connections, as the document writes them.
func fallbacksOf(one, other reflect.Value, under string) map[string]string {
	fallbacks := map[string]string{}
	for i := range one.NumField() {
		name, _, _ := strings.Cut(one.Type().Field(i).Tag.Get("yaml"), ",")
		value, same := reflect.Indirect(one.Field(i)), reflect.DeepEqual(one.Field(i).Interface(), other.Field(i).Interface())
		switch {
		case value.Kind() == reflect.Struct:
			for path, fallback := range fallbacksOf(value, other.Field(i), under+name+".") {
				fallbacks[path] = fallback
			}
		case same && (value.Kind() == reflect.Bool || !one.Field(i).IsZero()):
			// 15m0s and 24h0m0s are 15m and 24h to people.
			fallbacks[under+name] = strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(fmt.Sprint(value.Interface()))
		}
	}
	return fallbacks
}

// TestDocumentation_DocumentsForOtherPrograms_SayWhoIsLetIn: a document without a policy lets every assigned group in, so that an example
// which leaves it out widens the access of whoever copies it.
func TestDocumentation_DocumentsForOtherPrograms_SayWhoIsLetIn(t *testing.T) {
	t.Parallel()
	found := 0
	for _, page := range []string{"../../docs/trigger.md", "../../examples/onboarding/README.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for i, block := range strings.Split(string(text), "```") {
			if i%2 == 0 || !strings.Contains(block, `"assign_groups"`) { // between two fences
				continue
			}
			found++
			if !strings.Contains(block, `"policy"`) {
				t.Errorf("%s shows a document without a policy: %s", page, block)
			}
		}
	}
	if found == 0 {
		t.Error("no page shows a document: this proves nothing")
	}
}
