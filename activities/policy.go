package activities

import (
	"cmp"
	"context"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// PolicyMove moves an Access policy from what was surveyed, nil for none, to what is wanted.
type PolicyMove struct {
	Account            string                `json:"account"`
	IdentityProviderID string                `json:"identity_provider_id"`
	Have               *planner.AccessPolicy `json:"have,omitempty"`
	Want               planner.AccessPolicy  `json:"want"`
	Uncertain
}

// Identify notes the id that the provider gave.
func (m *PolicyMove) Identify(id string) { m.Want.ID = cmp.Or(id, m.Want.ID) }

// CreateAccessPolicy makes the reusable policy that lets the declared groups and users in, or changes the one there is
// (procedure, step 7).
func (a *Activities) CreateAccessPolicy(ctx context.Context, move PolicyMove) (Made, error) {
	account, err := a.account(move.Account)
	if err != nil {
		return Made{}, err
	}
	if move.Have != nil {
		return Made{ID: move.Have.ID}, fail(ctx, account.UpdatePolicy(ctx, move.Want), justCreated)
	}
	if move.repeated(ctx) {
		existing, err := a.findPolicies(ctx, account, move, true)
		if err != nil {
			return Made{}, fail(ctx, err)
		}
		if len(existing) > 0 {
			return Made{ID: existing[0].ID}, fail(ctx, deletePolicies(ctx, account, existing[1:]))
		}
	}
	id, err := account.CreatePolicy(ctx, move.Want)
	return Made{ID: id}, fail(ctx, err, justCreated)
}

// findPolicies looks for those that have our name and refer to our identity provider.
func (a *Activities) findPolicies(ctx context.Context, account *cloudflare.Client, move PolicyMove, lost bool) (existing []planner.AccessPolicy, err error) {
	look := func() (bool, error) {
		existing, err = account.ListPolicies(ctx)
		existing = slices.DeleteFunc(existing, func(found planner.AccessPolicy) bool {
			return found.ID != move.Want.ID && (found.Name != move.Want.Name || !found.RefersTo(move.IdentityProviderID))
		})
		return len(existing) > 0, err
	}
	if lost {
		return existing, a.found(ctx, look)
	}
	_, err = look()
	return existing, err
}

func deletePolicies(ctx context.Context, account *cloudflare.Client, which []planner.AccessPolicy) error {
	for _, each := range which {
		if err := account.DeletePolicy(ctx, each.ID); err != nil {
			return err
		}
	}
	return nil
}

// RevertAccessPolicy undoes CreateAccessPolicy: it deletes the policy that this run made, or puts back what this run changed.
func (a *Activities) RevertAccessPolicy(ctx context.Context, move PolicyMove) (Reverted, error) {
	account, err := a.account(move.Account)
	if err != nil {
		return Reverted{}, err
	}
	if move.Have == nil {
		if move.Want.ID != "" { // a list can be empty for want of a permission, or lag
			if err := account.DeletePolicy(ctx, move.Want.ID); err != nil {
				return Reverted{}, fail(ctx, err, undoing)
			}
		}
		existing, err := a.findPolicies(ctx, account, move, move.Lost)
		if err != nil {
			return Reverted{}, fail(ctx, err, undoing)
		}
		return Reverted{}, fail(ctx, deletePolicies(ctx, account, existing), undoing)
	}
	now, err := account.GetPolicy(ctx, move.Have.ID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if now == nil {
		return gone(connection.ResourcePolicy, move.Have.Name), nil
	}
	back, left := planner.PutPolicyBack(*move.Have, move.Want, *now)
	if planner.DiffPolicy(now, back).Action == connection.ActionUnchanged {
		return Reverted{Left: left}, nil
	}
	err = account.UpdatePolicy(ctx, back)
	if refersToNothing(err) {
		// Somebody deleted the identity provider that the rules were about: they let nobody in, now as before.
		left = append(left, "the rules of "+planner.Title(connection.ResourcePolicy, now.Name)+" were about an identity provider that somebody deleted, and are left as they are")
		back.Include, back.Require, back.Exclude = now.Include, now.Require, now.Exclude
		if err = account.UpdatePolicy(ctx, back); refersToNothing(err) {
			err = nil // the rules of now are about it too, so that no update is accepted at all
		}
	}
	return Reverted{Left: left}, fail(ctx, err, undoing)
}

// refersToNothing tells whether Cloudflare refused rules for an identity provider that doesn't exist.
func refersToNothing(err error) bool {
	failure := transport.As(err)
	return failure != nil && failure.Code == codeInvalidPolicy
}
