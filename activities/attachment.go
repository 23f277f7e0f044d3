package activities

import (
	"cmp"
	"context"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// Attachment names an Access application and the policy that it uses or shall use.
type Attachment struct {
	Fence
	Uncertain
	Account       string `json:"account" form:"name"`
	ApplicationID string `json:"application_id" form:"cloudflare"`
	PolicyID      string `json:"policy_id" form:"cloudflare"`
	// Application is the application's domain, for people.
	Application string `json:"application,omitempty" form:"text"`
	// Place is where among the application's policies.
	planner.Place
	// SignIn changes how people sign in to the application, at the same time; nil leaves that alone. Without a policy's id nothing else is
	// changed.
	SignIn *planner.SignInMove `json:"sign_in,omitempty"`
	// Undo means that a run which is undone puts the attachment back: where someone deleted the policy or the application since,
	// there is nothing to put it back to, and the run must not wait for that.
	Undo bool `json:"undo,omitempty"`
}

// Shared is the application: runs of other connections change its policies too.
func (a Attachment) Shared() (accountID, id, name string) {
	return cmp.Or(a.AccountID, a.Account), a.ApplicationID, a.Application // runs of earlier versions have no account id
}

// AttachPolicy makes an Access application use the policy. DetachPolicy undoes it.
func (a *Activities) AttachPolicy(ctx context.Context, attachment Attachment) (Reverted, error) {
	account, err := a.account(ctx, attachment.Account, attachment.Fence)
	if err != nil {
		return Reverted{}, err
	}
	if err := a.ownerIn(attachment.Fence, nil, account).mayAttach(ctx, attachment); err != nil {
		return Reverted{}, fail(ctx, err, justCreated)
	}
	if attachment.Undo && attachment.PolicyID != "" {
		// Cloudflare answers 500 for a policy that doesn't exist, which looks as if a retry would mend it.
		policy, err := account.GetPolicy(ctx, attachment.PolicyID)
		if err != nil {
			return Reverted{}, fail(ctx, err, undoing)
		}
		if policy == nil {
			return gone(connection.ResourceAttachment, attachment.ApplicationID), nil
		}
	}
	err = account.AttachPolicy(ctx, attachment.ApplicationID, attachment.PolicyID, attachment.Place, attachment.SignIn, func(now cloudflare.Application) error {
		return a.allow(attachment.Fence, rules.Asked{Account: attachment.Account, Applications: []planner.ListedApplication{now}})
	})
	if attachment.Undo && transport.Is(err, transport.NotFound) && lasting(ctx) {
		return gone(connection.ResourceAttachment, attachment.ApplicationID), nil
	}
	if err != nil {
		return Reverted{}, fail(ctx, err, justCreated)
	}
	return Reverted{}, a.outlast(ctx, attachment)
}

// mayAttach refuses to attach or detach a policy, or to add or take away an identity provider, that isn't the connection's.
func (o *owner) mayAttach(ctx context.Context, attachment Attachment) error {
	if attachment.PolicyID != "" {
		if err := o.policy(ctx, attachment.PolicyID); err != nil {
			return err
		}
	}
	if attachment.SignIn == nil {
		return nil
	}
	for _, id := range attachment.SignIn.Touches() {
		if err := o.identityProvider(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// DetachPolicy makes an Access application not use the policy any more. AttachPolicy undoes it.
func (a *Activities) DetachPolicy(ctx context.Context, attachment Attachment) (Reverted, error) {
	account, err := a.account(ctx, attachment.Account, attachment.Fence)
	if err != nil {
		return Reverted{}, err
	}
	if err := a.ownerIn(attachment.Fence, nil, account).mayAttach(ctx, attachment); err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if err := account.DetachPolicy(ctx, attachment.ApplicationID, attachment.PolicyID, attachment.SignIn); err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	return Reverted{}, a.outlast(ctx, attachment)
}

// outlast holds the turn to change an application while a change of it may still be carried out whose answer was lost: it would take
// away what the next run makes of it.
func (a *Activities) outlast(ctx context.Context, attachment Attachment) error {
	heartOf(ctx).settleIfQuiet()
	return a.lookAgain(ctx, attachment.Fence, attachment.all(ctx), "a change of an application's policies")
}
