package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// Claim is the setting behind an app's groups claim, whatever somebody made of it: Okta keeps exactly one.
type Claim struct {
	Name      string `json:"name" form:"text"`
	ValueType string `json:"value_type" form:"text"` // GROUPS or EXPRESSION
	Filter    string `json:"filter,omitempty" form:"text"`
	Value     string `json:"value" form:"text"`
}

// The types of a claim. Okta leaves groups out of one of type GROUPS that come from AD, LDAP or another app.
const (
	claimGroups     = "GROUPS"
	claimExpression = "EXPRESSION"
)

var claimSettings = []setting[Claim]{
	text("name", "the name", func(c *Claim) *string { return &c.Name }),
	text("value_type", "the type", func(c *Claim) *string { return &c.ValueType }),
	text("filter", "the filter", func(c *Claim) *string { return &c.Filter }),
	of("value", "the value", func(c *Claim) *string { return &c.Value }, same, clipped),
}

// String is what the claim tells of, in a line.
func (c Claim) String() string {
	if c.ValueType == claimExpression {
		return "the expression " + clipped(c.Value)
	}
	return c.Filter + " " + clipped(c.Value)
}

// clipped is a text as a plan shows it: an expression for many groups is long.
func clipped(text string) string {
	const most = 300
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return fmt.Sprintf("%s… (%d characters)", string(runes[:most]), len(runes))
}

// wantClaim is the claim that the document declares.
func wantClaim(spec connection.Spec, have State) *Claim {
	switch declared := spec.Okta.GroupsClaim; {
	case declared.Assigned:
		return &Claim{Name: "groups", ValueType: claimExpression, Value: onlyGroups(wantGroups(spec, have))}
	case declared.Expression != "":
		return &Claim{Name: "groups", ValueType: claimExpression, Value: declared.Expression}
	default:
		return &Claim{Name: "groups", ValueType: claimGroups, Filter: string(declared.Filter), Value: declared.Value}
	}
}

// onlyGroups is the expression that tells of these groups alone, by their names. It gives the ids, so that Okta finds groups of
// every kind, and none that has the same name. 100 is the most that Okta lets one ask for.
func onlyGroups(groups []Group) string {
	ids := make([]string, 0, len(groups))
	for _, group := range groups {
		ids = append(ids, quote(group.ID))
	}
	slices.Sort(ids)
	return "getFilteredGroups({" + strings.Join(ids, ", ") + `}, "group.name", 100)`
}

// DiffClaim compares the claim of an app's ID token with the declared one.
func DiffClaim(have *App, want App) connection.Change {
	var before *Claim
	if have != nil {
		before = have.Claim
	}
	return moveOf(connection.ResourceGroupsClaim, want.Claim.Name, "", before != nil, differences(claimSettings, valueOf(before), *want.Claim))
}

// PutClaimBack is what an app's claim becomes when a run is undone. Okta replaces the claim as a whole, and so does this.
func PutClaimBack(before, given, now *Claim) (back *Claim, left []string) {
	whole := []setting[*Claim]{{
		title: "the setting",
		same:  samePointer[Claim],
		give:  func(to **Claim, from *Claim) { *to = from },
	}}
	return putBack(whole, Title(connection.ResourceGroupsClaim, "groups"), before, given, now)
}

// SameClaim reports whether two claims are the same; nil is no claim.
func SameClaim(a, b *Claim) bool { return samePointer(a, b) }
