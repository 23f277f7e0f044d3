package main

import (
	"maps"
	"reflect"
	"regexp"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/accessbridge/accessbridge/connection"
)

// messages are what goes between a caller and a worker, beside the document: the contract has them and whatever they consist of.
var messages = []reflect.Type{
	reflect.TypeFor[connection.InventoryRequest](),
	reflect.TypeFor[connection.Inventory](),
	reflect.TypeFor[connection.Plan](),
	reflect.TypeFor[connection.Progress](),
	reflect.TypeFor[connection.Result](),
	reflect.TypeFor[connection.Retry](),
}

// documentType is the message that has a schema of its own.
var documentType = reflect.TypeFor[connection.Spec]()

const definitions = "#/$defs/"

// contractSchema makes the schema of the contract: a definition for each message, under its Go name. What a worker takes has no keys but
// those told, since it refuses others; what it returns may get more, so that a caller's check doesn't fail on a newer worker.
func contractSchema(from origin) (*jsonschema.Schema, error) {
	document, err := documentSchema(from)
	if err != nil {
		return nil, err
	}
	document.Version, document.Title = "", ""
	values, err := enumerations(from.source)
	if err != nil {
		return nil, err
	}
	reflector := &jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: true, Mapper: func(of reflect.Type) *jsonschema.Schema {
		if of == documentType || of.PkgPath() == documentType.PkgPath() && values[of.Name()] != nil {
			return &jsonschema.Schema{Ref: definitions + of.Name()}
		}
		return nil
	}}
	if err := commented(reflector, from); err != nil {
		return nil, err
	}
	reflector.LookupComment = func(of reflect.Type, field string) string { return comment(reflector.CommentMap, of, field) }
	root := &jsonschema.Schema{
		Version: jsonschema.Version, Title: "accessbridge contract",
		Description: "Version " + connection.ContractVersion + ": what goes between accessbridge's worker and its callers. docs/contract.md says whose input or result each is.",
		Definitions: jsonschema.Definitions{documentType.Name(): document},
	}
	for _, message := range messages {
		maps.Copy(root.Definitions, reflector.ReflectFromType(message).Definitions)
	}
	for name, each := range values {
		if used(root, name) {
			described := strings.ReplaceAll(reflector.CommentMap[documentType.PkgPath()+"."+name], "\n", " ")
			root.Definitions[name] = &jsonschema.Schema{Type: "string", Enum: each, Description: described}
		}
	}
	for _, definition := range root.Definitions {
		describeReferences(definition)
	}
	root.Definitions["InventoryRequest"].AdditionalProperties = jsonschema.FalseSchema
	return root, nil
}

// describeReferences puts each reference that has a description into an allOf: beside a description, tools that make types from a schema
// take a reference for a type of its own.
func describeReferences(definition *jsonschema.Schema) {
	if definition.Properties == nil {
		return
	}
	for property := range definition.Properties.ValuesFromOldest() {
		if property.Ref != "" && property.Description != "" {
			property.AllOf, property.Ref = []*jsonschema.Schema{{Ref: property.Ref}}, ""
		}
	}
}

// used reports whether a property of the contract is of the type.
func used(root *jsonschema.Schema, name string) bool {
	for _, definition := range root.Definitions {
		if definition.Properties == nil {
			continue
		}
		for property := range definition.Properties.ValuesFromOldest() {
			if property.Ref == definitions+name {
				return true
			}
		}
	}
	return false
}

// comment is what the source says about a type or its field, in one line, with the fields called as callers see them.
func comment(comments map[string]string, of reflect.Type, field string) string {
	path := of.PkgPath() + "." + of.Name()
	if field != "" {
		path += "." + field
	}
	text := strings.ReplaceAll(comments[path], "\n", " ")
	if of.Kind() != reflect.Struct {
		return text
	}
	for each := range of.Fields() {
		seen, _, _ := strings.Cut(each.Tag.Get("json"), ",")
		text = regexp.MustCompile(`\b`+each.Name+`\b`).ReplaceAllString(text, seen)
	}
	return text
}
