package activities

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// PolicyMove moves an Access policy from what was surveyed, nil for none, to what is wanted.
type PolicyMove struct {
	Fence
	Account            string                `json:"account" form:"name"`
	IdentityProviderID string                `json:"identity_provider_id" form:"cloudflare"`
	Have               *planner.AccessPolicy `json:"have,omitempty"`
	Want               planner.AccessPolicy  `json:"want"`
	Uncertain
}

// Identify notes what the provider gave.
func (m *PolicyMove) Identify(made Made) { m.Want.ID = cmp.Or(made.ID, m.Want.ID) }

// CreateAccessPolicy makes the reusable policy that lets the declared groups and users in, or changes the one there is
// (procedure, step 7).
func (a *Activities) CreateAccessPolicy(ctx context.Context, move PolicyMove) (Made, error) {
	account, err := a.account(ctx, move.Account, move.Fence)
	if err != nil {
		return Made{}, err
	}
	o := a.ownerIn(move.Fence, nil, account)
	if err := o.mayAllow(ctx, move); err != nil {
		return Made{}, fail(ctx, err, justCreated)
	}
	if move.Have != nil {
		return Made{ID: move.Have.ID}, fail(ctx, account.UpdatePolicy(ctx, move.Want), justCreated)
	}
	if move.repeated(ctx, move.Fence) {
		if made, err := a.foundPolicy(ctx, account, move); made.ID != "" || err != nil {
			return made, err
		}
	}
	id, err := account.CreatePolicy(ctx, move.Want)
	if err == nil {
		o.made(id)
	}
	return Made{ID: id}, fail(ctx, err, justCreated)
}

// mayAllow refuses a policy that no document can declare, that isn't about the connection's identity provider, or is in another's place.
func (o *owner) mayAllow(ctx context.Context, move PolicyMove) error {
	if err := o.declares(ctx, move.Want); err != nil {
		return err
	}
	if move.Have != nil {
		if err := o.takesPolicy(ctx, move.Want.ID); err != nil {
			return err
		}
	}
	return o.mayLetIn(move, move.Want)
}

// declares refuses a policy that can't be the connection's.
func (o *owner) declares(ctx context.Context, policy planner.AccessPolicy) error {
	if !policy.Declarable() {
		return o.refused(ctx, fmt.Sprintf("no document declares an Access policy as %q is: it allows groups and e-mail addresses, and requires one identity provider", policy.Name))
	}
	return o.identityProvider(ctx, policy.Requires()[0])
}

// mayLetIn refuses a policy that lets in whom the worker's rules don't.
func (a *Activities) mayLetIn(move PolicyMove, policy planner.AccessPolicy) error {
	emails, everyone := policy.LetsIn()
	return a.allow(move.Fence, rules.Asked{Account: move.Account, Emails: emails, Everyone: everyone})
}

// foundPolicy looks for what an earlier request made whose answer was lost. While it may still be carried out, none is made beside
// it: Cloudflare would take both.
func (a *Activities) foundPolicy(ctx context.Context, account *cloudflare.Client, move PolicyMove) (Made, error) {
	existing, err := policiesAsAsked(ctx, account, move.Want)
	if err != nil {
		return Made{}, fail(ctx, err)
	}
	if len(existing) == 0 {
		return Made{}, a.lookAgain(ctx, move.Fence, move.all(ctx), planner.Title(connection.ResourcePolicy, move.Want.Name))
	}
	heartOf(ctx).found(len(existing))
	return Made{ID: existing[0].ID}, fail(ctx, deletePolicies(ctx, account, existing[1:]))
}

// policiesAsAsked are the policies that are to the letter what was asked for. Their rules name an identity provider of the
// connection's own, so that nobody else makes such a one by chance.
func policiesAsAsked(ctx context.Context, account *cloudflare.Client, want planner.AccessPolicy) ([]planner.AccessPolicy, error) {
	all, err := account.ListPolicies(ctx)
	return slices.DeleteFunc(all, func(found planner.AccessPolicy) bool {
		return planner.DiffPolicy(&found, want).Action != connection.ActionUnchanged
	}), err
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
	account, err := a.account(ctx, move.Account, move.Fence)
	if err != nil {
		return Reverted{}, err
	}
	o := a.ownerIn(move.Fence, nil, account)
	if move.Have == nil {
		return Reverted{}, o.deleteMadePolicies(ctx, move)
	}
	now, err := account.GetPolicy(ctx, move.Have.ID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if now == nil {
		return gone(connection.ResourcePolicy, move.Have.Name), nil
	}
	back, left := planner.PutPolicyBack(*move.Have, move.Want, *now)
	if planner.DiffPolicy(now, back).Action != connection.ActionUnchanged {
		if err := o.mayPutPolicyBack(ctx, move, *now, back); err != nil {
			return Reverted{Left: left}, fail(ctx, err, undoing)
		}
		unput, err := putPolicyBack(ctx, account, *now, back)
		if left = append(left, unput...); err != nil {
			return Reverted{Left: left}, fail(ctx, err, undoing)
		}
	}
	return Reverted{Left: left}, a.lookAgain(ctx, move.Fence, move.Until, "an update of "+planner.Title(connection.ResourcePolicy, now.Name))
}

// deleteMadePolicies deletes what this run made: by its id, where that is known, and what is to the letter what a request asked for
// whose answer never came.
func (o *owner) deleteMadePolicies(ctx context.Context, move PolicyMove) error {
	if move.Want.ID != "" {
		if err := o.deletes(ctx, move.Want.ID, o.ownsPolicy); err != nil {
			return fail(ctx, err, undoing)
		}
		if err := o.account.DeletePolicy(ctx, move.Want.ID); err != nil {
			return fail(ctx, err, undoing)
		}
	}
	if !move.Lost {
		return nil
	}
	if err := o.declares(ctx, move.Want); err != nil {
		return fail(ctx, err, undoing)
	}
	duplicates, err := policiesAsAsked(ctx, o.account, move.Want)
	if err != nil {
		return fail(ctx, err, undoing)
	}
	duplicates = slices.DeleteFunc(duplicates, func(each planner.AccessPolicy) bool { return each.ID == move.Want.ID }) // a list can be behind
	if err := deletePolicies(ctx, o.account, duplicates); err != nil {
		return fail(ctx, err, undoing)
	}
	if len(duplicates) >= len(move.Until) {
		return nil
	}
	return o.lookAgain(ctx, move.Fence, move.Until, planner.Title(connection.ResourcePolicy, move.Want.Name))
}

// mayPutPolicyBack refuses to change a policy that isn't the connection's, or to have it let in whom the worker's rules don't.
func (o *owner) mayPutPolicyBack(ctx context.Context, move PolicyMove, now, back planner.AccessPolicy) error {
	if err := o.policy(ctx, now.ID); err != nil {
		return err
	}
	return o.mayLetIn(move, back)
}

// putPolicyBack gives a policy its earlier settings, and names those that it can't be given.
func putPolicyBack(ctx context.Context, account *cloudflare.Client, now, back planner.AccessPolicy) (left []string, err error) {
	err = account.UpdatePolicy(ctx, back)
	if !refersToNothing(err) {
		return nil, err
	}
	// Someone deleted the identity provider that the rules were about: they let nobody in, now as before.
	left = append(left, "the rules of "+planner.Title(connection.ResourcePolicy, now.Name)+" were about an identity provider that someone deleted, and are left as they are")
	back.Include, back.Require, back.Exclude = now.Include, now.Require, now.Exclude
	if err = account.UpdatePolicy(ctx, back); refersToNothing(err) {
		err = nil // the rules of now are about it too, so that no update is accepted at all
	}
	return left, err
}

// refersToNothing reports whether Cloudflare refused rules for an identity provider that doesn't exist.
func refersToNothing(err error) bool {
	failure := transport.As(err)
	return failure != nil && failure.Code == codeInvalidPolicy
}
