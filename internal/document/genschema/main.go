// Command genschema writes the JSON schemas of the connection document and of the contract with callers, from the Go types and their
// comments. Run it in the directory of the module: go run ./internal/document/genschema
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/invopop/jsonschema"
)

// origin is where package connection is found: its directory relative to the working directory, which is that of the package base.
type origin struct{ base, source string }

// schemas are what is generated, and the files that it goes to: for people and editors, and for the programs that carry it.
var schemas = []struct {
	generate func(origin) (*jsonschema.Schema, error)
	files    []string
}{
	{documentSchema, []string{"docs/connection.schema.json", "internal/document/connection.schema.json"}},
	{contractSchema, []string{"docs/contract.schema.json"}},
}

func main() {
	if err := write(origin{base: "github.com/accessbridge/accessbridge", source: "./connection"}); err != nil {
		fmt.Fprintln(os.Stderr, "genschema:", err)
		os.Exit(1)
	}
}

func write(from origin) error {
	for _, each := range schemas {
		schema, err := each.generate(from)
		if err != nil {
			return err
		}
		text, err := encode(schema)
		if err != nil {
			return err
		}
		for _, file := range each.files {
			if err := os.WriteFile(file, text, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// encode writes a schema for people to read: it isn't put into HTML.
func encode(schema *jsonschema.Schema) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		return nil, err
	}
	return []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(out.String())), nil
}

// commented makes a reflector know the comments of package connection.
func commented(reflector *jsonschema.Reflector, from origin) error {
	if err := reflector.AddGoComments(from.base, from.source, jsonschema.WithFullComment()); err != nil {
		return fmt.Errorf("read the comments of package connection: %w", err)
	}
	return nil
}

// named is a field's comment as a schema has it: in one line, and with the name that the field has there.
func named(description, field, key string) string {
	description = strings.ReplaceAll(description, "\n", " ")
	if rest, found := strings.CutPrefix(description, field+" "); found {
		return key + " " + rest
	}
	return description
}
