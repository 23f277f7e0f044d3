// Package contract holds what goes between the worker and its callers against the published schemas. Tests use it.
package contract

import (
	"bytes"
	"fmt"
	"os"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Schemas are the contract's, by the names of the messages.
type Schemas map[string]*jsonschema.Schema

// location is what the schemas are called among themselves.
const location = "contract.schema.json"

// Load reads the schemas from a file. They are taken strictly: a property that the schema doesn't name fails, though a caller must put up
// with it.
func Load(file string) (Schemas, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the contract's schemas: %w", err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read the contract's schemas in %s: %w", file, err)
	}
	closeObjects(whole)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(location, whole); err != nil {
		return nil, fmt.Errorf("read the contract's schemas in %s: %w", file, err)
	}
	root, _ := whole.(map[string]any)
	definitions, _ := root["$defs"].(map[string]any)
	schemas := Schemas{}
	for message := range definitions {
		if schemas[message], err = compiler.Compile(location + "#/$defs/" + message); err != nil {
			return nil, fmt.Errorf("read the schema of %s in %s: %w", message, file, err)
		}
	}
	return schemas, nil
}

// Check holds a value, in JSON, against the schema of a message, such as Result.
func (s Schemas) Check(message string, value []byte) error {
	schema := s[message]
	if schema == nil {
		return fmt.Errorf("the contract has no message %q", message)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		return fmt.Errorf("read a %s: %w", message, err)
	}
	if err := schema.Validate(parsed); err != nil {
		return fmt.Errorf("this is no %s: %s: %w", message, value, err)
	}
	return nil
}

// closeObjects lets every object have the properties alone that its schema names.
func closeObjects(schema any) {
	switch schema := schema.(type) {
	case []any:
		for _, each := range schema {
			closeObjects(each)
		}
	case map[string]any:
		for _, each := range schema {
			closeObjects(each)
		}
		if _, object := schema["properties"].(map[string]any); object && schema["type"] == "object" {
			schema["additionalProperties"] = false
		}
	}
}
