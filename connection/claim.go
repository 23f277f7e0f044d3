package connection

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// groupsClaim checks the claim filter. It may be left out as a whole only.
func (c *checker) groupsClaim(claim GroupsClaim) {
	if claim == (GroupsClaim{}) {
		return
	}
	const path = "okta.groups_claim"
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
	c.name(path+".value", claim.Value)
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
	passes := claimFilter(claim)
	for i, group := range groups {
		if !passes(group) {
			c.fault(fmt.Sprintf("policy.allow.groups[%d]", i), fmt.Sprintf("is %s, which okta.groups_claim (%s %s) keeps out of the ID token: the policy would never let its members in", shown(group), claim.Filter, shown(claim.Value)),
				"widen the claim, or list the groups to allow without it")
		}
	}
}

// claimFilter tells whether a group passes the claim. It is generous where Okta's ways aren't known: upper and lower case
// are alike, an expression may match anywhere, and one that Go doesn't understand passes everything.
func claimFilter(claim GroupsClaim) func(group string) bool {
	everything := func(string) bool { return true }
	value := strings.ToLower(claim.Value)
	switch claim.Filter {
	case FilterStartsWith:
		return func(group string) bool { return strings.HasPrefix(strings.ToLower(group), value) }
	case FilterEquals:
		return func(group string) bool { return strings.ToLower(group) == value }
	case FilterContains:
		return func(group string) bool { return strings.Contains(strings.ToLower(group), value) }
	case FilterRegex:
		if expression, err := regexp.Compile("(?i)" + claim.Value); err == nil {
			return expression.MatchString
		}
	}
	return everything
}
