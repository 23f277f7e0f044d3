package activities

import "context"

// Attachment names an Access application and the policy that it uses or shall use.
type Attachment struct {
	Account       string `json:"account"`
	ApplicationID string `json:"application_id"`
	PolicyID      string `json:"policy_id"`
	// Position is where among the application's policies, from 0; a number past them is at the end.
	Position int `json:"position"`
}

// AttachPolicy makes an Access application use the policy. DetachPolicy undoes it.
func (a *Activities) AttachPolicy(ctx context.Context, attachment Attachment) error {
	account, err := a.account(attachment.Account)
	if err != nil {
		return err
	}
	return fail(ctx, account.AttachPolicy(ctx, attachment.ApplicationID, attachment.PolicyID, attachment.Position), justCreated)
}

// DetachPolicy makes an Access application not use the policy any more. AttachPolicy undoes it.
func (a *Activities) DetachPolicy(ctx context.Context, attachment Attachment) error {
	account, err := a.account(attachment.Account)
	if err != nil {
		return err
	}
	return fail(ctx, account.DetachPolicy(ctx, attachment.ApplicationID, attachment.PolicyID))
}
