package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// IdentityProvider is a Cloudflare Access identity provider of type okta.
type IdentityProvider struct {
	ID          string `json:"id" form:"cloudflare"`
	Name        string `json:"name" form:"text"`
	ClientID    string `json:"client_id" form:"text"`
	OktaAccount string `json:"okta_account" form:"text"`
	// PKCE is nil when Cloudflare doesn't say.
	PKCE *bool `json:"pkce,omitempty"`
	// SecretID is the client secret that Cloudflare was handed, by its id in Okta; "" when that isn't known. Cloudflare never tells.
	SecretID string `json:"secret_id,omitempty" form:"okta"`
	// LookupToken is the fingerprint of the token for group look-up that Cloudflare was handed, "" for none that is known of; nil when
	// nothing is known or asked for. Cloudflare never tells.
	LookupToken *string `json:"lookup_token,omitempty" form:"text"`
	// Unreadable names settings that hold a value which can't be read back, and so would be lost by an update.
	Unreadable []string `json:"unreadable,omitempty" form:"text"`
	// ReadOnly means that it belongs to another account, which shares it with this one.
	ReadOnly bool `json:"read_only,omitempty"`
	Adopted  bool `json:"adopted,omitempty"`
}

// ListedIdentityProvider is an identity provider of any type.
type ListedIdentityProvider struct {
	IdentityProvider
	Type string
	// RedirectURL is where Cloudflare has people sent back to, as its answer has it; "" where the answer doesn't.
	RedirectURL string
}

// ReturnsTo reports whether Cloudflare has people sent back to that address, as far as its answer says.
func (p ListedIdentityProvider) ReturnsTo(redirectURI string) bool {
	return !strings.HasSuffix(p.RedirectURL, CallbackPath) || strings.EqualFold(p.RedirectURL, redirectURI)
}

// TypeOkta is the type of the identity providers that a connection makes.
const TypeOkta = "okta"

// IsOkta reports whether the identity provider is of type okta.
func (p ListedIdentityProvider) IsOkta() bool { return p.Type == TypeOkta }

// secretSetting is the client secret that Cloudflare holds, by its id in Okta, as a plan names it.
const secretSetting = "client_secret"

// identityProviderSettings are what a run changes of an identity provider, and puts back.
var identityProviderSettings = []setting[IdentityProvider]{
	text("name", "the name", func(p *IdentityProvider) *string { return &p.Name }),
	text("client_id", "the client id", func(p *IdentityProvider) *string { return &p.ClientID }),
	text("okta_account", "the Okta account", func(p *IdentityProvider) *string { return &p.OktaAccount }),
	text(secretSetting, "the client secret", func(p *IdentityProvider) *string { return &p.SecretID }),
	of("pkce", "the PKCE setting", func(p *IdentityProvider) **bool { return &p.PKCE }, samePointer[bool], boolean),
	of(LookupTokenSetting, "the token for group look-up", func(p *IdentityProvider) **string { return &p.LookupToken }, samePointer[string], optionalText),
}

func optionalText(value *string) string { return valueOf(value) }

func boolean(value *bool) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(*value)
}

// PickIdentityProvider finds the connection's identity provider: the one that the app remembers, else by its client id: one that a run of the connection gave, or that
// of an app which the connection adopted. One that somebody made for an app which this run adopts is to be adopted too,
// whatever its name: beside a second one for the same client, nobody could tell which is whose.
func PickIdentityProvider(spec connection.Spec, state *State, listed Listed) {
	remembered := valueOf(state.App).Memory
	var ours, namesakes []candidate
	for _, each := range listed.IdentityProviders {
		found := candidate{id: each.ID, name: each.Name, take: func(adopted bool) {
			each.Adopted = adopted
			state.IdentityProvider = &each.IdentityProvider
		}, adopted: kept(state, each.ID), made: each.IsOkta() && OwnsClientID(spec.Name, each.ClientID)}
		if remembered.Complete() && remembered.IdentityProvider == each.ID {
			ours = slices.Insert(ours, 0, found)
			continue
		}
		ofApp := each.IsOkta() && state.App != nil && each.ClientID == state.App.ClientID
		switch {
		case ofApp && state.App.Connection == spec.Name, found.made:
			ours = append(ours, found)
		case ofApp, each.Name == spec.Cloudflare.IDPName:
			found.why = whyNotAdopted(each, listed.Apps)
			namesakes = append(namesakes, found)
		}
	}
	choose(spec, state, connection.ResourceIdentityProvider, spec.Cloudflare.IDPName, ours, namesakes)
}

// whyNotAdopted says why an identity provider can't be adopted: a rollback must be able to put it back, its client secret included.
func whyNotAdopted(identityProvider ListedIdentityProvider, apps []ListedApp) string {
	app := appOf(identityProvider, apps)
	switch {
	case !identityProvider.IsOkta():
		return fmt.Sprintf("its type is %q, not okta", identityProvider.Type)
	case app == nil:
		return "its client secret can't be read back and its app is not in this Okta org, so a rollback could not put it back"
	default:
		return belongsTo(app.Connection)
	}
}

// appOf is the Okta app that an identity provider signs people in through, or nil when it is not in the org.
func appOf(identityProvider ListedIdentityProvider, apps []ListedApp) *ListedApp {
	at := slices.IndexFunc(apps, func(app ListedApp) bool { return app.ClientID == identityProvider.ClientID })
	if at < 0 {
		return nil
	}
	return &apps[at]
}

// WantIdentityProvider is the identity provider that the document declares for an app's client id.
func WantIdentityProvider(spec connection.Spec, have State, clientID string) IdentityProvider {
	want := valueOf(have.IdentityProvider)
	want.Name, want.ClientID, want.OktaAccount, want.PKCE = spec.Cloudflare.IDPName, clientID, have.OktaURL, spec.Cloudflare.PKCE
	if have.handedIsDead() {
		want.SecretID = have.Secrets.Newest
	}
	want.LookupToken = wantLookupToken(spec, have)
	return want
}

// DiffIdentityProvider compares an identity provider with the declared one.
func DiffIdentityProvider(have *IdentityProvider, want IdentityProvider) connection.Change {
	before := valueOf(have)
	if have != nil && have.PKCE == nil { // what Cloudflare doesn't tell can't be compared; it would differ for ever
		before.PKCE = want.PKCE
	}
	if have != nil && have.SecretID == "" {
		before.SecretID = want.SecretID
	}
	if have != nil && have.LookupToken == nil {
		before.LookupToken = want.LookupToken
	}
	return moveOf(connection.ResourceIdentityProvider, want.Name, before.ID, have != nil, differences(identityProviderSettings, before, want))
}

// PutIdentityProviderBack is what an identity provider becomes when a run is undone. The secret and the token that it holds can't be
// read back, and are taken for those that the run gave it.
func PutIdentityProviderBack(before, given, now IdentityProvider) (back IdentityProvider, left []string) {
	now.SecretID, now.LookupToken = given.SecretID, given.LookupToken
	return putBack(identityProviderSettings, Title(connection.ResourceIdentityProvider, now.Name), before, given, now)
}
