package planner

import "github.com/accessbridge/accessbridge/connection"

// Claim is the setting behind an app's groups claim, whatever somebody made of it: Okta keeps exactly one.
type Claim struct {
	Name      string `json:"name"`
	ValueType string `json:"value_type"` // GROUPS or EXPRESSION
	Filter    string `json:"filter,omitempty"`
	Value     string `json:"value"`
}

var claimSettings = []setting[Claim]{
	text("name", "the name", func(c *Claim) *string { return &c.Name }),
	text("value_type", "the type", func(c *Claim) *string { return &c.ValueType }),
	text("filter", "the filter", func(c *Claim) *string { return &c.Filter }),
	text("value", "the value", func(c *Claim) *string { return &c.Value }),
}

func wantClaim(spec connection.Spec) *Claim {
	return &Claim{Name: "groups", ValueType: "GROUPS", Filter: string(spec.Okta.GroupsClaim.Filter), Value: spec.Okta.GroupsClaim.Value}
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
