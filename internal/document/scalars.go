package document

import (
	"reflect"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"github.com/accessbridge/accessbridge/connection"
)

// written is the text of a node that holds one.
func written(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.LiteralNode:
		return node.Value.Value, true
	}
	return "", false
}

func (r *reader) text(node ast.Node, target reflect.Value, path string) {
	text, found := written(node)
	if !found {
		accepted := "it must be a text"
		if _, scalar := node.(ast.ScalarNode); scalar {
			accepted = "it must be a text: put it in quotes"
		}
		r.fault(path, placeOf(node), "is "+described(node), accepted)
		return
	}
	target.SetString(text)
}

func (r *reader) boolean(node ast.Node, target reflect.Value, path string) {
	boolean, found := node.(*ast.BoolNode)
	if !found {
		r.fault(path, placeOf(node), "is "+described(node), "it must be true or false")
		return
	}
	target.SetBool(boolean.Value)
}

// bounds say which lengths of time are accepted.
var bounds = map[string]string{
	"time_budget":   "it must be a length of time between 10s and 24h, such as 90s or 15m",
	"pause_timeout": "it must be a length of time between 1s and 720h, such as 90s or 24h",
}

func (r *reader) duration(node ast.Node, target *connection.Duration, path string) {
	text, _ := written(node)
	if err := target.UnmarshalText([]byte(text)); err != nil || *target == 0 {
		*target = 0
		r.fault(path, placeOf(node), "is "+described(node), bounds[path])
	}
}

// described says what a node is.
func described(node ast.Node) string {
	if text, found := written(node); found {
		return strconv.Quote(printable(text))
	}
	switch node.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a section"
	case ast.SequenceType:
		return "a list"
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return "the number " + printable(node.GetToken().Value)
	default:
		return printable(node.GetToken().Value)
	}
}
