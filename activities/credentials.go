package activities

import "context"

// AppRef names an Okta app.
type AppRef struct {
	Org   string `json:"org"`
	AppID string `json:"app_id"`
}

// ClientCredentials tell which secret of an app is in use, without it.
type ClientCredentials struct {
	Tried
	SecretID   string `json:"secret_id"`
	SecretHash string `json:"secret_hash"`
}

// ReadClientCredentials finds the client secret of an app (procedure, step 4). The secret itself never leaves an activity:
// what is returned goes into the run's history.
func (a *Activities) ReadClientCredentials(ctx context.Context, ref AppRef) (ClientCredentials, error) {
	org, err := a.org(ref.Org)
	if err != nil {
		return ClientCredentials{}, err
	}
	secret, err := org.ActiveSecret(ctx, ref.AppID)
	if err != nil {
		return ClientCredentials{}, fail(ctx, err, justCreated)
	}
	return ClientCredentials{SecretID: secret.ID, SecretHash: secret.Hash}, nil
}
