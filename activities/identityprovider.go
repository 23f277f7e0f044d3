package activities

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// IdentityProviderMove moves a login method from what was surveyed, nil for none, to what is wanted.
type IdentityProviderMove struct {
	Org     string                    `json:"org"`
	AppID   string                    `json:"app_id"`
	Account string                    `json:"account"`
	Have    *planner.IdentityProvider `json:"have,omitempty"`
	Want    planner.IdentityProvider  `json:"want"`
	// OwnClient tells that the client id is this run's own: whatever has it was made by this run, a twin included.
	OwnClient bool `json:"own_client,omitempty"`
	Uncertain
}

// Identify notes the id that the provider gave.
func (m *IdentityProviderMove) Identify(id string) { m.Want.ID = cmp.Or(id, m.Want.ID) }

func (a *Activities) both(orgName, accountName string) (*okta.Client, *cloudflare.Client, error) {
	org, noOrg := a.org(orgName)
	account, noAccount := a.account(accountName)
	if noOrg != nil && noAccount != nil {
		return nil, nil, noCredentials("okta.orgs", orgName, "cloudflare.accounts", accountName)
	}
	return org, account, cmp.Or(noOrg, noAccount)
}

// RegisterIdentityProvider registers Okta as a login method of Access, or changes the one there is (procedure, step 5). It
// reads the client secret from Okta and hands it to Cloudflare; the secret leaves it nowhere else.
func (a *Activities) RegisterIdentityProvider(ctx context.Context, move IdentityProviderMove) (Made, error) {
	org, account, err := a.both(move.Org, move.Account)
	if err != nil {
		return Made{}, err
	}
	if move.Have == nil && move.repeated(ctx) {
		existing, err := a.findIdentityProviders(ctx, account, move.Want.ClientID, true)
		if err != nil {
			return Made{}, fail(ctx, err)
		}
		if len(existing) > 0 {
			return Made{ID: existing[0].ID}, fail(ctx, deleteIdentityProviders(ctx, account, existing[1:]))
		}
	}
	clientSecret, err := org.ActiveSecret(ctx, move.AppID)
	if err != nil {
		return Made{}, fail(ctx, err, justCreated)
	}
	if move.Have != nil {
		return Made{ID: move.Have.ID}, fail(ctx, account.UpdateIdentityProvider(ctx, move.Want, clientSecret.Value))
	}
	id, err := account.CreateIdentityProvider(ctx, move.Want, clientSecret.Value)
	return Made{ID: id}, fail(ctx, err)
}

// findIdentityProviders looks for those of the client id; again and again when a creation may have been lost.
func (a *Activities) findIdentityProviders(ctx context.Context, account *cloudflare.Client, clientID string, lost bool) (existing []cloudflare.IdentityProvider, err error) {
	if !lost {
		return account.IdentityProvidersOf(ctx, clientID)
	}
	err = a.found(ctx, func() (bool, error) {
		existing, err = account.IdentityProvidersOf(ctx, clientID)
		return len(existing) > 0, err
	})
	return existing, err
}

func deleteIdentityProviders(ctx context.Context, account *cloudflare.Client, which []cloudflare.IdentityProvider) error {
	for _, each := range which {
		if err := account.DeleteIdentityProvider(ctx, each.ID); err != nil {
			return err
		}
	}
	return nil
}

// RevertIdentityProvider undoes RegisterIdentityProvider: it deletes the login method that this run made, and any twin that a
// repeated request made, or puts back the settings that this run changed.
func (a *Activities) RevertIdentityProvider(ctx context.Context, move IdentityProviderMove) (Reverted, error) {
	org, account, err := a.both(move.Org, move.Account)
	if err != nil {
		return Reverted{}, err
	}
	if move.Have == nil {
		return Reverted{}, fail(ctx, a.deleteMadeIdentityProviders(ctx, account, move), undoing)
	}
	now, err := account.GetIdentityProvider(ctx, move.Have.ID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if now == nil {
		return gone(connection.ResourceIdentityProvider, move.Have.Name), nil
	}
	left, err := putIdentityProviderBack(ctx, org, account, move, now.IdentityProvider)
	return Reverted{Left: left}, fail(ctx, err, undoing)
}

// deleteMadeIdentityProviders deletes what this run made: by its id, where that is known, because a list can be empty for want
// of a permission; and what a request made whose answer never came, by its client id.
func (a *Activities) deleteMadeIdentityProviders(ctx context.Context, account *cloudflare.Client, move IdentityProviderMove) error {
	if move.Want.ID != "" {
		if err := account.DeleteIdentityProvider(ctx, move.Want.ID); err != nil {
			return err
		}
	}
	if !move.OwnClient && !move.Lost {
		return nil
	}
	twins, err := a.findIdentityProviders(ctx, account, move.Want.ClientID, move.Lost)
	if err != nil {
		return err
	}
	return deleteIdentityProviders(ctx, account, slices.DeleteFunc(twins, func(twin cloudflare.IdentityProvider) bool { return !move.made(twin) }))
}

// made tells whether a login method with the client id is this run's: the client id is the run's own, or the login method is just
// as the run makes one. Somebody else may have made any other for the same app meanwhile.
func (m *IdentityProviderMove) made(twin cloudflare.IdentityProvider) bool {
	want := m.Want
	want.ID = twin.ID
	return m.OwnClient || planner.DiffIdentityProvider(&twin.IdentityProvider, want).Action == connection.ActionUnchanged
}

func putIdentityProviderBack(ctx context.Context, org *okta.Client, account *cloudflare.Client, move IdentityProviderMove, now planner.IdentityProvider) (left []string, err error) {
	back, left := planner.PutIdentityProviderBack(*move.Have, move.Want, now)
	if planner.DiffIdentityProvider(&now, back).Action == connection.ActionUnchanged {
		return left, nil
	}
	clientSecret, err := secretOf(ctx, org, back.ClientID)
	if err != nil {
		return left, err
	}
	if clientSecret.IsZero() {
		// The client exists no longer, so nobody could sign in through this identity provider before either.
		left = append(left, fmt.Sprintf("the client secret of %s: Okta has no app with client id %q any more", planner.Title(connection.ResourceIdentityProvider, now.Name), back.ClientID))
		clientSecret = secret.New("gone-with-its-okta-app")
	}
	return left, account.UpdateIdentityProvider(ctx, back, clientSecret)
}

// secretOf returns the client secret of the app with the client id, or a zero one when there is no such app.
func secretOf(ctx context.Context, org *okta.Client, clientID string) (secret.Secret, error) {
	app, err := org.FindApp(ctx, clientID)
	if app == nil || err != nil {
		return secret.Secret{}, err
	}
	found, err := org.ActiveSecret(ctx, app.ID)
	return found.Value, err
}
