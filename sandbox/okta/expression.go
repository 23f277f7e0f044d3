package okta

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// expression is a filter or search expression: it reports whether it holds, given the value of each field. The nil
// expression holds always.
type expression func(value func(field string) string) bool

type comparison struct {
	field, operator, value string
	// fold has the case of letters not count.
	fold bool
}

// grammar is what an endpoint understands: which operators go with which field.
type grammar struct {
	supports func(field, operator string) bool
	// fold has the case of letters in values not count, as in every search.
	fold bool
}

// all takes each of the operators with each of the fields.
func all(fields, operators []string) grammar {
	return grammar{supports: func(field, operator string) bool {
		return slices.Contains(fields, field) && slices.Contains(operators, operator)
	}}
}

// search is the grammar of a search parameter.
func (g grammar) search() grammar { return grammar{supports: g.supports, fold: true} }

var (
	comparisonPattern = regexp.MustCompile(`^([\w.]+)\s+((?i)eq|ne|sw|co|gt|ge|lt|le)\s+(?:"((?:[^"\\]|\\.)*)"|(true|false))`)
	conjunction       = regexp.MustCompile(`^(?i)and\b`)
	disjunction       = regexp.MustCompile(`^(?i)or\b`)
	opening           = regexp.MustCompile(`^\(`)
	closing           = regexp.MustCompile(`^\)`)
	escapePattern     = regexp.MustCompile(`\\(.)`)
)

// deepest is how many parentheses may be open at a time.
const deepest = 50

// parser reads an expression that an endpoint understands.
type parser struct {
	rest    string
	grammar grammar
	depth   int
}

func parseExpression(text string, understood grammar) (expression, error) {
	p := &parser{rest: strings.TrimSpace(text), grammar: understood}
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
	c := comparison{field: match[1], operator: strings.ToLower(match[2]), value: unescape(match[3]) + match[4], fold: p.grammar.fold}
	if !p.grammar.supports(c.field, c.operator) {
		return nil, fmt.Errorf("%s %s isn't supported", c.field, c.operator)
	}
	if _, isTime := parseTime(c.value); !isTime && slices.Contains(timeFields, c.field) {
		return nil, fmt.Errorf("%q is no time", c.value)
	}
	return func(value func(string) string) bool { return c.holds(value(c.field)) }, nil
}

// matches reports whether the expression holds, given the value of each field.
func (e expression) matches(value func(field string) string) bool { return e == nil || e(value) }

// timeFields have times, which are compared as such.
var timeFields = []string{"created", "lastUpdated", "lastMembershipUpdated"}

// parseTime reads a time as Okta writes it, and with an offset in digits, as its examples do.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000-0700"} {
		if parsed, err := time.Parse(layout, text); err == nil {
			return parsed, true
		}
	}
	return time.Time{}, false
}

func (c comparison) holds(have string) bool {
	want := c.value
	if c.fold {
		have, want = strings.ToLower(have), strings.ToLower(want)
	}
	switch c.operator {
	case "sw":
		return strings.HasPrefix(have, want)
	case "co":
		return strings.Contains(have, want)
	}
	order := cmp.Compare(have, want)
	if slices.Contains(timeFields, c.field) {
		haveTime, _ := parseTime(strings.ToUpper(have))
		wantTime, _ := parseTime(strings.ToUpper(want))
		order = haveTime.Compare(wantTime)
	}
	switch c.operator {
	case "eq":
		return order == 0
	case "ne":
		return order != 0
	case "gt":
		return order > 0
	case "ge":
		return order >= 0
	case "lt":
		return order < 0
	default:
		return order <= 0
	}
}

// querySearch reads a search from the query; without one, everything matches.
func querySearch(r *http.Request, understood grammar) (expression, *answer) {
	parsed, err := queryParameter(r, "search", understood.search())
	if err != nil {
		refusal := refuse(http.StatusBadRequest, "E0000031", "Invalid search criteria.", "Invalid search syntax.")
		return nil, &refusal
	}
	return parsed, nil
}

// queryFilter reads a filter from the query; without one, everything matches. Okta doesn't say what is wrong with one.
func queryFilter(r *http.Request, understood grammar) (expression, *answer) {
	parsed, err := queryParameter(r, "filter", understood)
	if err != nil {
		refusal := refuse(http.StatusBadRequest, "E0000031", "Invalid search criteria.")
		return nil, &refusal
	}
	return parsed, nil
}

func queryParameter(r *http.Request, parameter string, understood grammar) (expression, error) {
	text := r.URL.Query().Get(parameter)
	if text == "" {
		return nil, nil
	}
	return parseExpression(text, understood)
}

// hasPrefixFold tells whether a name starts with a text, whatever the case: what Okta does with q.
func hasPrefixFold(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}
