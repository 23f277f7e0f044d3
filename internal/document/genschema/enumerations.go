package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
)

// enumerations are the constants of a package's own text types, by the name of the type, in the order of the source.
func enumerations(source string) (map[string][]any, error) {
	files, err := filepath.Glob(filepath.Join(source, "*.go"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("find the source of package connection in %s: %w", source, err)
	}
	values := map[string][]any{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("read the constants of package connection: %w", err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			constant, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			kind, named := constant.Type.(*ast.Ident)
			for _, expression := range constant.Values {
				literal, ok := expression.(*ast.BasicLit)
				if !ok || !named || literal.Kind != token.STRING || kind.Name == "string" {
					continue
				}
				text, _ := strconv.Unquote(literal.Value) // the parser has read it
				values[kind.Name] = append(values[kind.Name], text)
			}
			return false
		})
	}
	return values, nil
}
