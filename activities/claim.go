package activities

import (
	"context"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// ClaimMove moves the claim of an Okta app's ID token from what was surveyed to what is wanted; nil is no claim.
type ClaimMove struct {
	Fence
	Uncertain
	Org        string         `json:"org" form:"name"`
	AppID      string         `json:"app_id" form:"okta"`
	IssuerMode string         `json:"issuer_mode" form:"text"`
	Have       *planner.Claim `json:"have,omitempty"`
	Want       *planner.Claim `json:"want,omitempty"`
}

// SetGroupsClaim sets the groups claim filter (procedure, step 3).
func (a *Activities) SetGroupsClaim(ctx context.Context, move ClaimMove) (Done, error) {
	org, err := a.org(ctx, move.Org, move.Fence)
	if err != nil {
		return Done{}, err
	}
	if _, err := a.ownerIn(move.Fence, org, nil).mine(ctx, move.AppID); err != nil {
		return Done{}, fail(ctx, err, justCreated)
	}
	return Done{}, fail(ctx, org.SetClaim(ctx, move.AppID, move.IssuerMode, move.Want), justCreated)
}

// RevertGroupsClaim puts the claim back that was there before.
func (a *Activities) RevertGroupsClaim(ctx context.Context, move ClaimMove) (Reverted, error) {
	org, err := a.org(ctx, move.Org, move.Fence)
	if err != nil {
		return Reverted{}, err
	}
	app, err := org.GetApp(ctx, move.AppID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if app == nil {
		return gone(connection.ResourceGroupsClaim, "groups"), nil
	}
	now, err := org.Claim(ctx, move.AppID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	back, left := planner.PutClaimBack(move.Have, move.Want, now)
	if !planner.SameClaim(back, now) {
		if err := a.ownerIn(move.Fence, org, nil).isMine(ctx, *app); err != nil {
			return Reverted{}, fail(ctx, err, undoing)
		}
		if err := org.SetClaim(ctx, move.AppID, move.IssuerMode, back); err != nil {
			return Reverted{}, fail(ctx, err, undoing)
		}
	}
	return Reverted{Left: left}, a.lookAgain(ctx, move.Fence, move.Until, "a change of the groups claim")
}
