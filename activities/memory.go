package activities

import (
	"context"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// MemoryMove moves what an Okta app remembers of the connection.
type MemoryMove struct {
	Fence
	Uncertain
	Org  string      `json:"org" form:"name"`
	Have planner.App `json:"have"`
	Want planner.App `json:"want"`
}

// WriteMemory has the Okta app's profile tell what the connection consists of. What it tells of is there already. A run that is older
// than the one that wrote it last writes nothing.
func (a *Activities) WriteMemory(ctx context.Context, move MemoryMove) (Done, error) {
	if move.Want.Memory == nil {
		return Done{}, malformed(connection.Fault{Path: "want.memory", Found: "is missing", Accepted: "it must be what the app is to remember"})
	}
	org, err := a.org(ctx, move.Org, move.Fence)
	if err != nil {
		return Done{}, err
	}
	// An update of the app that is carried out late would take away what is written now.
	if err := a.lookAgain(ctx, move.Fence, move.Until, "an update of "+planner.Title(connection.ResourceApp, move.Want.Label)); err != nil {
		return Done{}, err
	}
	want := move.Want
	want.Memory = new(*move.Want.Memory)
	want.Memory.Run, want.Memory.Started = move.Run, move.Started
	o := a.ownerIn(move.Fence, org, nil)
	return Done{}, fail(ctx, org.Remember(ctx, want, func(now okta.App) error { return o.mayRemember(ctx, now, want) }), justCreated)
}

// RevertMemory puts back what the app remembered before.
func (a *Activities) RevertMemory(ctx context.Context, move MemoryMove) (Reverted, error) {
	org, err := a.org(ctx, move.Org, move.Fence)
	if err != nil {
		return Reverted{}, err
	}
	now, err := org.GetApp(ctx, move.Have.ID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if now == nil {
		return gone(connection.ResourceMemory, move.Have.Label), nil
	}
	back, left := planner.PutMemoryBack(move.Have, move.Want, now.App)
	if !planner.SameApp(now.App, back) {
		if err := a.ownerIn(move.Fence, org, nil).mayRemember(ctx, *now, back); err != nil {
			return Reverted{}, fail(ctx, err, undoing)
		}
		if err := org.Remember(ctx, back, nil); err != nil {
			return Reverted{}, fail(ctx, err, undoing)
		}
	}
	return Reverted{Left: left}, a.lookAgain(ctx, move.Fence, move.Until, "an update of "+planner.Title(connection.ResourceApp, now.Label))
}
