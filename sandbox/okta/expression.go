package okta

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// expression is a filter or search expression: alternatives, each of them comparisons that must all hold.
type expression [][]comparison

type comparison struct {
	field, operator, value string
}

var (
	comparisonPattern = regexp.MustCompile(`^\s*([\w.]+)\s+(eq|ne|sw|co|gt|ge|lt|le)\s+(?:"((?:[^"\\]|\\.)*)"|(true|false))\s*`)
	escapePattern     = regexp.MustCompile(`\\(.)`)
)

// parseExpression reads an expression over the fields and operators that an endpoint supports.
func parseExpression(text string, fields, operators []string) (expression, error) {
	parsed := expression{nil}
	for {
		match := comparisonPattern.FindStringSubmatch(text)
		if match == nil {
			return nil, fmt.Errorf("%q is no comparison", text)
		}
		if !slices.Contains(fields, match[1]) || !slices.Contains(operators, match[2]) {
			return nil, fmt.Errorf("%s %s isn't supported", match[1], match[2])
		}
		value := escapePattern.ReplaceAllString(match[3], "$1") + match[4]
		last := len(parsed) - 1
		parsed[last] = append(parsed[last], comparison{field: match[1], operator: match[2], value: value})
		text = text[len(match[0]):]
		word, rest, _ := strings.Cut(text, " ")
		switch {
		case text == "":
			return parsed, nil
		case word == "and":
			text = rest
		case word == "or":
			text, parsed = rest, append(parsed, nil)
		default:
			return nil, fmt.Errorf("%q: want and, or, or the end", text)
		}
	}
}

// matches tells whether the expression holds, given the value of each field.
func (e expression) matches(value func(field string) string) bool {
	return slices.ContainsFunc(e, func(all []comparison) bool {
		return !slices.ContainsFunc(all, func(c comparison) bool { return !c.holds(value(c.field)) })
	})
}

func (c comparison) holds(have string) bool {
	switch c.operator {
	case "eq":
		return have == c.value
	case "ne":
		return have != c.value
	case "sw":
		return strings.HasPrefix(have, c.value)
	case "co":
		return strings.Contains(have, c.value)
	case "gt":
		return have > c.value
	case "ge":
		return have >= c.value
	case "lt":
		return have < c.value
	default:
		return have <= c.value
	}
}

// queryExpression reads an expression from a query parameter; without the parameter, everything matches.
func queryExpression(r *http.Request, parameter string, fields, operators []string) (expression, *answer) {
	text := r.URL.Query().Get(parameter)
	if text == "" {
		return expression{nil}, nil
	}
	parsed, err := parseExpression(text, fields, operators)
	if err != nil {
		refusal := refuse(http.StatusBadRequest, "E0000031", "Invalid search criteria.", err.Error())
		return nil, &refusal
	}
	return parsed, nil
}

// hasPrefixFold tells whether a name starts with a text, whatever the case: what Okta does with q.
func hasPrefixFold(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}
