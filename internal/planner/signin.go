package planner

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// SignIn is how people come to an Access application's identity providers.
type SignIn struct {
	// IdentityProviders are the ids of those that the application offers. None means all of the account.
	IdentityProviders []string `json:"identity_providers,omitempty" form:"cloudflare"`
	// Redirect sends people to the identity provider at once, where there is a single one.
	Redirect bool `json:"redirect,omitempty"`
}

// Offers reports whether people can sign in through the identity provider.
func (s SignIn) Offers(id string) bool {
	return len(s.IdentityProviders) == 0 || slices.Contains(s.IdentityProviders, id)
}

// Same reports whether two applications are signed in to alike. The order of identity providers means nothing.
func (s SignIn) Same(other SignIn) bool {
	return s.Redirect == other.Redirect && sameSet(s.IdentityProviders, other.IdentityProviders)
}

// SignInMove changes how people sign in to an application, from what was surveyed to what is wanted. Swapped it is its undoing.
type SignInMove struct {
	From SignIn `json:"from"`
	To   SignIn `json:"to"`
}

// Back undoes the move.
func (m SignInMove) Back() SignInMove { return SignInMove{From: m.To, To: m.From} }

// Apply is what the move makes of how it is now, which others may have changed: it adds what the move adds and takes away what the
// move takes away. emptied means that nothing would be left of a list that others are in: it would then mean all of the account.
func (m SignInMove) Apply(now SignIn) (next SignIn, emptied bool) {
	next = SignIn{IdentityProviders: slices.Clone(now.IdentityProviders), Redirect: now.Redirect}
	if m.From.Redirect != m.To.Redirect && now.Redirect == m.From.Redirect {
		next.Redirect = m.To.Redirect
	}
	if len(now.IdentityProviders) == 0 && len(m.From.IdentityProviders) > 0 {
		return next, false // someone had it offer all since, which it is left with
	}
	next.IdentityProviders = slices.DeleteFunc(next.IdentityProviders, func(id string) bool {
		return slices.Contains(m.From.IdentityProviders, id) && !slices.Contains(m.To.IdentityProviders, id)
	})
	for at, id := range m.To.IdentityProviders {
		if !slices.Contains(m.From.IdentityProviders, id) && !slices.Contains(next.IdentityProviders, id) {
			place := Place{Position: at, Before: m.To.IdentityProviders[:at], After: m.To.IdentityProviders[at+1:]}
			next.IdentityProviders = slices.Insert(next.IdentityProviders, place.Among(next.IdentityProviders), id)
		}
	}
	if len(next.IdentityProviders) > 1 {
		next.Redirect = next.Redirect && now.Redirect // Access takes it with a single one only
	}
	return next, len(next.IdentityProviders) == 0 && len(now.IdentityProviders) > 0 && len(m.To.IdentityProviders) > 0
}

// redirects reports whether the document has people sent to the identity provider at once.
func redirects(spec connection.Spec, have State, applicationID string) bool {
	return slices.ContainsFunc(have.Named, func(named FoundApplication) bool {
		asked := slices.ContainsFunc(spec.Policy.AutoRedirect, func(entry string) bool { return strings.EqualFold(entry, named.Entry) })
		return asked && slices.Equal(named.IDs, []string{applicationID})
	})
}

// wantSignIn is how people are to sign in to an application that the document attaches the policy to: through the identity provider
// too. Two of them can't both be where people are sent at once.
func wantSignIn(spec connection.Spec, have State, application Application, id string) SignIn {
	now := application.SignIn
	made, _ := have.offering(application.ID)
	want := SignIn{IdentityProviders: replaced(now.IdentityProviders, have.goneProvider(), id), Redirect: redirectBefore(now, made)}
	if redirects(spec, have, application.ID) {
		want.IdentityProviders, want.Redirect = appendNew(want.IdentityProviders, id), true
		return want
	}
	added := made.Added || !now.Offers(id)
	switch {
	case made.Added && made.All && slices.Equal(want.IdentityProviders, []string{id}):
		want.IdentityProviders = nil
	case len(want.IdentityProviders) > 0:
		want.IdentityProviders = appendNew(want.IdentityProviders, id)
	}
	if added && len(want.IdentityProviders) > 1 {
		want.Redirect = false
	}
	return want
}

// replaced puts an identity provider in the place of one that is gone.
func replaced(all []string, gone, id string) []string {
	next := make([]string, 0, len(all)+1)
	for _, each := range all {
		if each == gone {
			each = id
		}
		next = appendNew(next, each)
	}
	return next
}

// SignInMoveOf is how a run changes the way people sign in to an application, beside attaching the policy or detaching it; nil when it
// doesn't.
func SignInMoveOf(spec connection.Spec, have State, applicationID, identityProviderID string, attach bool) *SignInMove {
	for _, application := range have.Applications {
		if application.ID != applicationID {
			continue
		}
		want, _ := withoutOffering(have, application)
		if attach {
			want = wantSignIn(spec, have, application, identityProviderID)
		}
		if !want.Same(application.SignIn) {
			return &SignInMove{From: application.SignIn, To: want}
		}
	}
	return nil
}

// SignInsToChange are the ids of the applications whose sign-in differs from what the document declares for it, or from what the
// connection remembers to have made of it.
func SignInsToChange(spec connection.Spec, have State) []string {
	var ids []string
	declared := WantApplications(have)
	for _, application := range have.Applications {
		made, _ := have.offering(application.ID)
		forgotten := made.Added && !application.UsesIdentityProvider
		wanted := slices.Contains(declared, application.ID) && SignInMoveOf(spec, have, application.ID, cmp.Or(valueOf(have.IdentityProvider).ID, notYet), true) != nil
		if forgotten || wanted {
			ids = append(ids, application.ID)
		}
	}
	return ids
}

// ChangesSignIn reports whether a run changes how people sign in to an application, or remembers to have done so.
func ChangesSignIn(spec connection.Spec, have State) bool {
	if len(valueOf(valueOf(have.App).Memory).Offered) > 0 {
		return true
	}
	return len(wantOfferings(spec, have, cmp.Or(valueOf(have.IdentityProvider).ID, notYet))) > 0
}

// WithoutSignIn is the state as runs of earlier versions know it: they leave alone how people sign in to applications.
func (s State) WithoutSignIn() State {
	s.Applications = slices.Clone(s.Applications)
	for i := range s.Applications {
		s.Applications[i].SignIn = SignIn{}
	}
	if s.App != nil && s.App.Memory != nil {
		app, memory := *s.App, *s.App.Memory
		memory.Offered, app.Memory = nil, &memory
		s.App = &app
	}
	return s
}
