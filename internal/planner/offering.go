package planner

import (
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// Offering is what a connection made of how people sign in to an application, for it to be taken back.
type Offering struct {
	Application string `json:"application" form:"cloudflare"`
	// Added means that the application offers the identity provider because the connection had it do so, All that it offered all
	// of the account before.
	Added bool `json:"added,omitempty"`
	All   bool `json:"all,omitempty"`
	// Redirect is what the connection set the redirect to; nil when it left that alone.
	Redirect *bool `json:"redirect,omitempty"`
}

// offering is what the connection remembers to have made of an application.
func (s State) offering(applicationID string) (Offering, bool) {
	all := valueOf(valueOf(s.App).Memory).Offered
	at := slices.IndexFunc(all, func(each Offering) bool { return each.Application == applicationID })
	if at < 0 {
		return Offering{}, false
	}
	return all[at], true
}

// goneProvider is the id of an identity provider that the connection had and that doesn't exist any more; "" when there is none.
func (s State) goneProvider() string {
	if before := valueOf(valueOf(s.App).Memory).IdentityProvider; before != valueOf(s.IdentityProvider).ID {
		return before
	}
	return ""
}

// redirectBefore is the redirect as it was before the connection changed it.
func redirectBefore(now SignIn, made Offering) bool {
	if made.Redirect != nil && now.Redirect == *made.Redirect {
		return !now.Redirect
	}
	return now.Redirect
}

// withoutOffering is how people sign in to an application once what the connection made of that is taken back. last means that the
// application offers nothing else any more, although it did: taken out, it would offer all of the account.
func withoutOffering(have State, application Application) (want SignIn, last bool) {
	now := application.SignIn
	made, known := have.offering(application.ID)
	if !known {
		return now, false
	}
	want = SignIn{IdentityProviders: slices.Clone(now.IdentityProviders), Redirect: redirectBefore(now, made)}
	if made.Added {
		ours := []string{valueOf(have.IdentityProvider).ID, have.goneProvider()}
		want.IdentityProviders = slices.DeleteFunc(want.IdentityProviders, func(id string) bool { return slices.Contains(ours, id) })
	}
	if len(want.IdentityProviders) > 1 {
		want.Redirect = now.Redirect && want.Redirect
	}
	return want, len(want.IdentityProviders) == 0 && len(now.IdentityProviders) > 0 && !made.All
}

// wantOfferings are what the connection is to remember of applications, once they are as declared.
func wantOfferings(spec connection.Spec, have State, identityProviderID string) []Offering {
	var offered []Offering
	declared := WantApplications(have)
	for _, application := range have.Applications {
		if !slices.Contains(declared, application.ID) {
			continue
		}
		now, want := application.SignIn, wantSignIn(spec, have, application, identityProviderID)
		made, _ := have.offering(application.ID)
		remember := Offering{Application: application.ID}
		switch {
		case len(want.IdentityProviders) == 0:
		case made.Added && (slices.Contains(now.IdentityProviders, identityProviderID) || slices.Contains(now.IdentityProviders, have.goneProvider())):
			remember.Added, remember.All = true, made.All
		case !slices.Contains(now.IdentityProviders, identityProviderID):
			remember.Added, remember.All = true, len(now.IdentityProviders) == 0
		}
		if want.Redirect != redirectBefore(now, made) {
			remember.Redirect = &want.Redirect
		}
		if remember.Added || remember.Redirect != nil {
			offered = append(offered, remember)
		}
	}
	return offered
}

// sameOfferings compares what is remembered of applications, whatever its order.
func sameOfferings(a, b []Offering) bool {
	written := func(all []Offering) []string {
		words := make([]string, 0, len(all))
		for _, each := range all {
			words = append(words, fmt.Sprint(each.Application, each.Added, each.All, boolean(each.Redirect)))
		}
		return words
	}
	return sameSet(written(a), written(b))
}
