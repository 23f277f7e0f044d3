package main

import (
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/accessbridge/accessbridge/connection"
)

// documentSchema makes the schema of the connection document.
func documentSchema(from origin) (*jsonschema.Schema, error) {
	reflector := &jsonschema.Reflector{
		FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, Anonymous: true, DoNotReference: true,
	}
	if err := commented(reflector, from); err != nil {
		return nil, err
	}
	root := reflector.Reflect(&connection.Spec{})
	root.Title = "accessbridge connection"
	root.Required = []string{"name", "okta"}
	describe(root, reflect.TypeFor[connection.Spec](), "")
	root.Description = "One Okta org wired to one Cloudflare account. It names the credentials that a worker holds and never contains one."
	defaults(root, reflect.ValueOf(connection.Spec{Name: "a"}.WithDefaults()), reflect.ValueOf(connection.Spec{Name: "b"}.WithDefaults()))
	return root, nil
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
		property.Description = named(property.Description, field.Name, name)
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
