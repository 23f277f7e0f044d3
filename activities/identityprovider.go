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
	"github.com/accessbridge/accessbridge/internal/rules"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// IdentityProviderMove moves an identity provider from what was surveyed, nil for none, to what is wanted.
type IdentityProviderMove struct {
	Fence
	Org     string                    `json:"org" form:"name"`
	AppID   string                    `json:"app_id" form:"okta"`
	Account string                    `json:"account" form:"name"`
	Have    *planner.IdentityProvider `json:"have,omitempty"`
	Want    planner.IdentityProvider  `json:"want"`
	// Own are the ids of the connection's own policies, which may use it.
	Own []string `json:"own,omitempty" form:"cloudflare"`
	// OwnClient means that the run made the app that the client id is of: nothing else signs in through it.
	OwnClient bool `json:"own_client,omitempty"`
	Uncertain
}

// Identify notes what the provider gave.
func (m *IdentityProviderMove) Identify(made Made) { m.Want.ID = cmp.Or(made.ID, m.Want.ID) }

// RegisterIdentityProvider registers Okta as an identity provider of Access, or changes the one there is (procedure, step 5). It
// reads the client secret from Okta and hands it to Cloudflare; the secret leaves it nowhere else.
func (a *Activities) RegisterIdentityProvider(ctx context.Context, move IdentityProviderMove) (Made, error) {
	org, account, err := a.both(ctx, move.Org, move.Account, move.Fence)
	if err != nil {
		return Made{}, err
	}
	o := a.ownerIn(move.Fence, org, account)
	if err := o.mayRegister(ctx, move); err != nil {
		return Made{}, fail(ctx, err, justCreated)
	}
	if move.Have == nil && move.repeated(ctx, move.Fence) {
		if made, err := a.foundIdentityProvider(ctx, org, account, move); made.ID != "" || err != nil {
			return made, err
		}
	}
	clientSecret, err := a.recentSecret(ctx, org, move.AppID)
	if err != nil {
		return Made{}, fail(ctx, err, justCreated)
	}
	secrets, err := a.toHand(move.Org, move.Want, clientSecret)
	if err != nil {
		return Made{}, err
	}
	made := Made{Secret: handed(clientSecret)}
	if move.Have != nil {
		made.ID, err = move.Have.ID, account.UpdateIdentityProvider(ctx, move.Want, secrets)
	} else {
		if made.ID, err = account.CreateIdentityProvider(ctx, move.Want, secrets); err == nil {
			o.made(made.ID)
		}
	}
	return made, fail(ctx, err)
}

// mayRegister refuses to hand a client secret to anything but an identity provider of the connection, for its own app and this org.
func (o *owner) mayRegister(ctx context.Context, move IdentityProviderMove) error {
	clientID, err := o.mine(ctx, move.AppID)
	switch {
	case err != nil:
		return err
	case clientID != "" && clientID != move.Want.ClientID:
		return o.refused(ctx, fmt.Sprintf("the client id %q is not the one of the connection's Okta app %s", move.Want.ClientID, move.AppID))
	case !planner.SameOrg(move.Want.OktaAccount, o.org.URL()):
		return o.refused(ctx, fmt.Sprintf("the identity provider would believe %q, which is not Okta org %q", move.Want.OktaAccount, move.Org))
	case move.Have != nil:
		return o.takesIdentityProvider(ctx, move.Want.ID)
	}
	return nil
}

// foundIdentityProvider looks for what an earlier request made whose answer was lost. While it may still be carried out, none is
// made beside it: Cloudflare would take both.
func (a *Activities) foundIdentityProvider(ctx context.Context, org *okta.Client, account *cloudflare.Client, move IdentityProviderMove) (Made, error) {
	existing, err := asAsked(ctx, account, move.Want)
	if err != nil {
		return Made{}, fail(ctx, err)
	}
	if len(existing) == 0 {
		return Made{}, a.lookAgain(ctx, move.Fence, move.all(ctx), planner.Title(connection.ResourceIdentityProvider, move.Want.Name))
	}
	clientSecret, err := a.readSecret(ctx, org, move.AppID)
	if err != nil {
		return Made{}, fail(ctx, err, justCreated)
	}
	heartOf(ctx).found(len(existing))
	return Made{ID: existing[0].ID, Secret: handed(clientSecret)}, fail(ctx, deleteIdentityProviders(ctx, account, existing[1:]))
}

// asAsked are the identity providers that are to the letter what was asked for.
func asAsked(ctx context.Context, account *cloudflare.Client, want planner.IdentityProvider) ([]cloudflare.IdentityProvider, error) {
	all, err := account.IdentityProvidersOf(ctx, want.ClientID)
	return slices.DeleteFunc(all, func(found cloudflare.IdentityProvider) bool {
		return planner.DiffIdentityProvider(&found.IdentityProvider, want).Action != connection.ActionUnchanged
	}), err
}

func deleteIdentityProviders(ctx context.Context, account *cloudflare.Client, which []cloudflare.IdentityProvider) error {
	for _, each := range which {
		if err := account.DeleteIdentityProvider(ctx, each.ID); err != nil {
			return err
		}
	}
	return nil
}

// RevertIdentityProvider undoes RegisterIdentityProvider: it deletes the identity provider that this run made, and any duplicate
// that a lost answer left, or puts back the settings that this run changed.
func (a *Activities) RevertIdentityProvider(ctx context.Context, move IdentityProviderMove) (Reverted, error) {
	org, account, err := a.both(ctx, move.Org, move.Account, move.Fence)
	if err != nil {
		return Reverted{}, err
	}
	o := a.ownerIn(move.Fence, org, account)
	if move.Have == nil {
		return o.deleteMadeIdentityProviders(ctx, move)
	}
	now, err := account.GetIdentityProvider(ctx, move.Have.ID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if now == nil {
		return gone(connection.ResourceIdentityProvider, move.Have.Name), nil
	}
	left, err := o.putIdentityProviderBack(ctx, move, *now)
	if err != nil {
		return Reverted{Left: left}, fail(ctx, err, undoing)
	}
	return Reverted{Left: left}, a.lookAgain(ctx, move.Fence, move.Until, "an update of "+planner.Title(connection.ResourceIdentityProvider, now.Name))
}

// deleteMadeIdentityProviders deletes what this run made: by its id, where that is known; and what is to the letter what a request
// asked for whose answer never came. Whatever else signs in through the same app is left and named.
func (o *owner) deleteMadeIdentityProviders(ctx context.Context, move IdentityProviderMove) (Reverted, error) {
	if move.Want.ID != "" {
		if err := o.deletes(ctx, move.Want.ID, o.ownsIdentityProvider); err != nil {
			return Reverted{}, fail(ctx, err, undoing)
		}
		if err := o.deleteUnused(ctx, o.account, move); err != nil {
			return Reverted{}, fail(ctx, err, undoing)
		}
	}
	if !move.OwnClient && !move.Lost {
		return Reverted{}, nil
	}
	others, err := o.account.IdentityProvidersOf(ctx, move.Want.ClientID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	found, left := 0, []string(nil)
	for _, other := range others {
		switch {
		case other.ID == move.Want.ID: // a list can be behind
		case move.Lost && planner.DiffIdentityProvider(&other.IdentityProvider, move.Want).Action == connection.ActionUnchanged:
			found++
			if err := o.deletes(ctx, other.ID, o.ownsIdentityProvider); err != nil {
				return Reverted{}, fail(ctx, err, undoing)
			}
			if err := o.account.DeleteIdentityProvider(ctx, other.ID); err != nil {
				return Reverted{}, fail(ctx, err, undoing)
			}
		default:
			left = append(left, fmt.Sprintf("%s (%s) signs people in through the same app, was not made by this run, and is left", planner.Title(connection.ResourceIdentityProvider, other.Name), other.ID))
		}
	}
	if found >= len(move.Until) {
		return Reverted{Left: left}, nil
	}
	return Reverted{Left: left}, o.lookAgain(ctx, move.Fence, move.Until, planner.Title(connection.ResourceIdentityProvider, move.Want.Name))
}

func (o *owner) putIdentityProviderBack(ctx context.Context, move IdentityProviderMove, found cloudflare.IdentityProvider) (left []string, err error) {
	now := found.IdentityProvider
	back, left := planner.PutIdentityProviderBack(*move.Have, move.Want, now)
	now.SecretID, now.LookupToken = move.Want.SecretID, move.Want.LookupToken // what it holds can't be read back
	if planner.DiffIdentityProvider(&now, back).Action == connection.ActionUnchanged {
		return left, nil
	}
	if err := o.mayPutIdentityProviderBack(ctx, found, back); err != nil {
		return left, err
	}
	clientSecret, err := secretOf(ctx, o.org, back)
	if err != nil {
		return left, err
	}
	if clientSecret.IsZero() {
		// The client exists no longer, so nobody could sign in through this identity provider before either.
		left = append(left, fmt.Sprintf("the client secret of %s: Okta has no app with client id %q any more", planner.Title(connection.ResourceIdentityProvider, now.Name), back.ClientID))
		clientSecret = secret.New("gone-with-its-okta-app")
	}
	handed, lost, err := o.toHandBack(move, back, clientSecret)
	if err != nil {
		return left, err
	}
	if lost != "" {
		left = append(left, lost)
	}
	return left, o.account.UpdateIdentityProvider(ctx, back, handed)
}

// mayPutIdentityProviderBack refuses to give an identity provider what it can't have had. Nobody but the run knows what that was: another
// client or issuer is believed where the worker's rules let those of others be taken over.
func (o *owner) mayPutIdentityProviderBack(ctx context.Context, now cloudflare.IdentityProvider, back planner.IdentityProvider) error {
	if err := o.identityProvider(ctx, now.ID); err != nil {
		return err
	}
	issuer := planner.SameOrg(back.OktaAccount, o.org.URL()) || back.OktaAccount == now.OktaAccount
	if issuer && (back.ClientID == now.ClientID || o.Client(back.ClientID)) {
		return nil
	}
	return o.allow(o.fence, rules.Asked{Org: o.orgName(), Adopt: true})
}

// secretOf returns the client secret that an identity provider was handed, where that is known and Okta still accepts it; else the
// newest of the app with its client id, or a zero one when there is no such app.
func secretOf(ctx context.Context, org *okta.Client, of planner.IdentityProvider) (secret.Secret, error) {
	app, err := org.FindApp(ctx, of.ClientID)
	if app == nil || err != nil {
		return secret.Secret{}, err
	}
	all, err := org.Secrets(ctx, app.ID)
	if err != nil {
		return secret.Secret{}, err
	}
	for _, each := range all {
		if each.ID == of.SecretID && each.Status == okta.SecretActive {
			return each.Value, nil
		}
	}
	newest, active := okta.NewestActive(all)
	if !active {
		return secret.Secret{}, fmt.Errorf("none of the %d client secrets of Okta app %s is active", len(all), app.ID)
	}
	return newest.Value, nil
}
