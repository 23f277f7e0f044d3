package okta

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// expression is a filter or search expression: it reports whether it holds, given the value of each field. The nil
// expression holds always.
type expression func(value func(field string) string) bool

type comparison struct {
	field, operator, value string
}

var (
	comparisonPattern = regexp.MustCompile(`^([\w.]+)\s+(eq|ne|sw|co|gt|ge|lt|le)\s+(?:"((?:[^"\\]|\\.)*)"|(true|false))`)
	conjunction       = regexp.MustCompile(`^and\b`)
	disjunction       = regexp.MustCompile(`^or\b`)
	opening           = regexp.MustCompile(`^\(`)
	closing           = regexp.MustCompile(`^\)`)
	escapePattern     = regexp.MustCompile(`\\(.)`)
)

// deepest is how many parentheses may be open at a time.
const deepest = 50

// parser reads an expression over the fields and operators that an endpoint supports.
type parser struct {
	rest              string
	fields, operators []string
	depth             int
}

func parseExpression(text string, fields, operators []string) (expression, error) {
	p := &parser{rest: strings.TrimSpace(text), fields: fields, operators: operators}
	parsed, err := p.alternatives()
	if err == nil && p.rest != "" {
		return nil, fmt.Errorf("%q: want and, or, or the end", p.rest)
	}
	return parsed, err
}

// next takes what matches the pattern from the start of the rest, and the space behind it.
func (p *parser) next(pattern *regexp.Regexp) []string {
	match := pattern.FindStringSubmatch(p.rest)
	if match != nil {
		p.rest = strings.TrimLeftFunc(p.rest[len(match[0]):], unicode.IsSpace)
	}
	return match
}

// alternatives are joined by or, which binds less than and.
func (p *parser) alternatives() (expression, error) {
	left, err := p.conjunction()
	for err == nil && p.next(disjunction) != nil {
		one := left
		var other expression
		other, err = p.conjunction()
		left = func(value func(string) string) bool { return one(value) || other(value) }
	}
	return left, err
}

func (p *parser) conjunction() (expression, error) {
	left, err := p.term()
	for err == nil && p.next(conjunction) != nil {
		one := left
		var other expression
		other, err = p.term()
		left = func(value func(string) string) bool { return one(value) && other(value) }
	}
	return left, err
}

// term is a comparison, or an expression in parentheses.
func (p *parser) term() (expression, error) {
	if p.next(opening) == nil {
		return p.comparison()
	}
	if p.depth++; p.depth > deepest {
		return nil, fmt.Errorf("more than %d parentheses are open", deepest)
	}
	inner, err := p.alternatives()
	if err == nil && p.next(closing) == nil {
		return nil, fmt.Errorf("%q: want and, or, or a parenthesis", p.rest)
	}
	p.depth--
	return inner, err
}

func (p *parser) comparison() (expression, error) {
	match := p.next(comparisonPattern)
	if match == nil {
		return nil, fmt.Errorf("%q is no comparison", p.rest)
	}
	if !slices.Contains(p.fields, match[1]) || !slices.Contains(p.operators, match[2]) {
		return nil, fmt.Errorf("%s %s isn't supported", match[1], match[2])
	}
	c := comparison{field: match[1], operator: match[2], value: escapePattern.ReplaceAllString(match[3], "$1") + match[4]}
	return func(value func(string) string) bool { return c.holds(value(c.field)) }, nil
}

// matches reports whether the expression holds, given the value of each field.
func (e expression) matches(value func(field string) string) bool { return e == nil || e(value) }

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
		return nil, nil
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
