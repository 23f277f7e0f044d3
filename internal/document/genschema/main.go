// Command genschema writes the JSON schema of the connection document, from the Go type and its comments. Run it in the
// directory of the module: go run ./internal/document/genschema
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/accessbridge/accessbridge/connection"
)

// files are where the schema goes: for people and editors, and for the programs that carry it.
var files = []string{"docs/connection.schema.json", "internal/document/connection.schema.json"}

func main() {
	schema, err := generate("github.com/accessbridge/accessbridge", "./connection")
	for _, file := range files {
		if err == nil {
			err = os.WriteFile(file, schema, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "genschema:", err)
		os.Exit(1)
	}
}

// generate makes the schema. The comments come from the source of package connection, whose directory is given relative to
// the working directory, which is that of the package base.
func generate(base, source string) ([]byte, error) {
	reflector := &jsonschema.Reflector{
		FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, Anonymous: true, DoNotReference: true,
	}
	if err := reflector.AddGoComments(base, source, jsonschema.WithFullComment()); err != nil {
		return nil, fmt.Errorf("read the comments of package connection: %w", err)
	}
	root := reflector.Reflect(&connection.Spec{})
	root.Title = "accessbridge connection"
	root.Required = []string{"name", "okta"}
	describe(root, reflect.TypeFor[connection.Spec](), "")
	root.Description = "One Okta org wired to one Cloudflare account. It names the credentials that a worker holds and never contains one."
	defaults(root, reflect.ValueOf(connection.Spec{Name: "a"}.WithDefaults()), reflect.ValueOf(connection.Spec{Name: "b"}.WithDefaults()))
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(root); err != nil {
		return nil, err
	}
	// The schema isn't put into HTML: people read it.
	return []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(out.String())), nil
}

// describe adds the rules of a section's fields, and calls fields in descriptions as the document does.
func describe(schema *jsonschema.Schema, section reflect.Type, under string) {
	schema.Description = strings.ReplaceAll(schema.Description, "\n", " ")
	for i := range section.NumField() {
		field := section.Field(i)
		name := key(field)
		property, found := schema.Properties.Get(name)
		if !found {
			panic("genschema: the schema lacks " + under + name)
		}
		property.Description = strings.ReplaceAll(property.Description, "\n", " ")
		if rest, found := strings.CutPrefix(property.Description, field.Name+" "); found {
			property.Description = name + " " + rest
		}
		if field.Type.Kind() == reflect.Struct {
			describe(property, field.Type, under+name+".")
		}
		if rule := rules[under+name]; rule != nil {
			rule(property)
		}
	}
}

// defaults adds those defaults that are the same for every connection: two connections show which they are.
func defaults(schema *jsonschema.Schema, one, other reflect.Value) {
	for i := range one.NumField() {
		property, _ := schema.Properties.Get(key(one.Type().Field(i)))
		value := one.Field(i)
		switch {
		case value.Type() == reflect.TypeFor[connection.GroupsClaim]():
			// The two fields of a claim have a default together only.
			property.Default = value.Interface()
		case value.Kind() == reflect.Struct:
			defaults(property, value, other.Field(i))
		case value.Kind() == reflect.Bool, !value.IsZero() && reflect.DeepEqual(value.Interface(), other.Field(i).Interface()):
			property.Default = value.Interface()
		}
	}
}

// key is what a field is called in the document.
func key(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
	return name
}
