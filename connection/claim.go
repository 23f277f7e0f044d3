package connection

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// groupsClaim checks that the claim is of exactly one kind. It may be left out as a whole.
func (c *checker) groupsClaim(claim GroupsClaim) {
	const path = "okta.groups_claim"
	filter := claim.Filter != "" || claim.Value != ""
	switch {
	case claim == (GroupsClaim{}):
	case claim.Assigned && (filter || claim.Expression != ""), filter && claim.Expression != "":
		c.fault(path, "has more than one kind of claim", "it must be a filter with its value, an expression, or assigned: true")
	case claim.Expression != "":
		c.text(path+".expression", claim.Expression, MaxExpressionLength)
	case filter:
		c.claimFilter(path, claim)
	}
}

// claimFilter checks a filter, which needs a value.
func (c *checker) claimFilter(path string, claim GroupsClaim) {
	switch claim.Filter {
	case FilterRegex, FilterStartsWith, FilterEquals, FilterContains:
	case "":
		c.fault(path+".filter", "is missing", "it must be REGEX, STARTS_WITH, EQUALS or CONTAINS where there is a value")
	default:
		c.fault(path+".filter", "is "+shown(string(claim.Filter)), "it must be REGEX, STARTS_WITH, EQUALS or CONTAINS")
	}
	if claim.Value == "" {
		c.fault(path+".value", "is missing", "it must be what the filter compares the names of groups with")
		return
	}
	before := len(c.faults)
	c.groupName(path+".value", claim.Value, "take that out")
	if claim.Filter != FilterRegex || len(c.faults) > before {
		return
	}
	if problem := brokenExpression(claim.Value); problem != "" {
		c.fault(path+".value", "is "+shown(claim.Value)+", which is no regular expression: "+problem, "correct it, such as .* or Eng.*")
	}
}

// brokenExpression says why a regular expression is broken in every dialect; "" when it isn't. Okta's dialect knows
// more than Go's (look-around, possessive repeats), so what only Go refuses is left to Okta.
func brokenExpression(expression string) string {
	_, err := syntax.Parse(expression, syntax.Perl)
	var problem *syntax.Error
	if !errors.As(err, &problem) {
		return ""
	}
	switch problem.Code {
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrMissingBracket, syntax.ErrTrailingBackslash, syntax.ErrMissingRepeatArgument:
		return problem.Code.String()
	}
	return ""
}

// claimed finds groups that the policy allows, but that the claim filter keeps out of the ID token: Access would never
// hear of them.
func (c *checker) claimed(groups []string, claim GroupsClaim) {
	if claim.Value == "" {
		return
	}
	for i, group := range groups {
		if GroupID(group) == "" && !claim.Passes(group) {
			c.fault(fmt.Sprintf("policy.allow.groups[%d]", i), fmt.Sprintf("is %s, which okta.groups_claim (%s %s) keeps out of the ID token: the policy would never let its members in", shown(group), claim.Filter, shown(claim.Value)),
				"widen the claim, or list the groups to allow without it")
		}
	}
}

// Passes reports whether the claim can tell of a group by its name. It is generous where Okta's ways aren't known: upper and
// lower case are alike, a regular expression may match anywhere, and one that Go doesn't understand passes everything, as does
// what is no filter.
func (g GroupsClaim) Passes(group string) bool {
	value := strings.ToLower(g.Value)
	switch g.Filter {
	case FilterStartsWith:
		return strings.HasPrefix(strings.ToLower(group), value)
	case FilterEquals:
		return strings.ToLower(group) == value
	case FilterContains:
		return strings.Contains(strings.ToLower(group), value)
	case FilterRegex:
		expression, err := regexp.Compile("(?i)" + g.Value)
		return err != nil || expression.MatchString(group)
	}
	return true
}
