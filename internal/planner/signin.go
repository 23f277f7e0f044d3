package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// SignIn is how people come to an Access application's identity providers.
type SignIn struct {
	// IdentityProviders are the ids of those that the application offers. None means all of the account.
	IdentityProviders []string `json:"identity_providers,omitempty"`
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

// Offering is what a connection made of how people sign in to an application, for it to be taken back.
type Offering struct {
	Application string `json:"application"`
	// Added means that the application offers the identity provider because the connection had it do so, All that it offered all
	// of the account before.
	Added bool `json:"added,omitempty"`
	All   bool `json:"all,omitempty"`
	// Redirect is what the connection set the redirect to; nil when it left that alone.
	Redirect *bool `json:"redirect,omitempty"`
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

// redirects reports whether the document has people sent to the identity provider at once.
func redirects(spec connection.Spec, have State, applicationID string) bool {
	return slices.ContainsFunc(have.Named, func(named FoundApplication) bool {
		asked := slices.ContainsFunc(spec.Policy.AutoRedirect, func(entry string) bool { return strings.EqualFold(entry, named.Entry) })
		return asked && slices.Equal(named.IDs, []string{applicationID})
	})
}

// redirectBefore is the redirect as it was before the connection changed it.
func redirectBefore(now SignIn, made Offering) bool {
	if made.Redirect != nil && now.Redirect == *made.Redirect {
		return !now.Redirect
	}
	return now.Redirect
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
	declared := wantApplications(have)
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

// NameProviders notes the names of the identity providers that applications offer, for plans.
func NameProviders(state *State, identityProviders []ListedIdentityProvider) {
	for _, application := range state.Applications {
		for _, id := range application.SignIn.IdentityProviders {
			at := slices.IndexFunc(identityProviders, func(each ListedIdentityProvider) bool { return each.ID == id })
			if at < 0 {
				continue
			}
			if state.ProviderNames == nil {
				state.ProviderNames = map[string]string{}
			}
			state.ProviderNames[id] = identityProviders[at].Name
		}
	}
}

// wantOfferings are what the connection is to remember of applications, once they are as declared.
func wantOfferings(spec connection.Spec, have State, identityProviderID string) []Offering {
	var offered []Offering
	declared := wantApplications(have)
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

// signInFields are what a plan shows of a change of how people sign in to an application.
func signInFields(spec connection.Spec, have State, now, want SignIn) []connection.Field {
	var fields []connection.Field
	if !sameSet(now.IdentityProviders, want.IdentityProviders) {
		fields = append(fields, connection.Field{Name: "allowed_idps", Before: named(spec, have, now), After: named(spec, have, want)})
	}
	if now.Redirect != want.Redirect {
		fields = append(fields, connection.Field{Name: "auto_redirect_to_identity", Before: fmt.Sprint(now.Redirect), After: fmt.Sprint(want.Redirect)})
	}
	return fields
}

// named are the identity providers that an application offers, by their names.
func named(spec connection.Spec, have State, signIn SignIn) string {
	if len(signIn.IdentityProviders) == 0 {
		return "all"
	}
	words := make([]string, 0, len(signIn.IdentityProviders))
	for _, id := range signIn.IdentityProviders {
		name := cmp.Or(have.ProviderNames[id], id)
		if id == notYet || id == valueOf(have.IdentityProvider).ID {
			name = spec.Cloudflare.IDPName
		}
		words = append(words, quote(name))
	}
	return strings.Join(words, ", ")
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

// signInProblems find applications whose people can't be sent to the identity provider at once, and those that would offer all of the
// account once the identity provider is taken out.
func signInProblems(spec connection.Spec, have State) []Problem {
	id := cmp.Or(valueOf(have.IdentityProvider).ID, notYet)
	declared := wantApplications(have)
	var problems []Problem
	for _, application := range have.Applications {
		wanted := slices.Contains(declared, application.ID)
		if others := len(wantSignIn(spec, have, application, id).IdentityProviders) - 1; wanted && redirects(spec, have, application.ID) && others > 0 {
			problems = append(problems, Problem{
				Path: "policy.auto_redirect_to_identity",
				Message: fmt.Sprintf("Access application %s (%s) offers other identity providers too (%s): people can be sent to one at once only where it is the only one",
					quote(application.Name), application.Domain, named(spec, have, application.SignIn)),
				Advice: "take the others out of the application in Access first, or take it out of auto_redirect_to_identity",
			})
		}
		remembered := slices.Contains(valueOf(have.App).Applications, application.ID)
		if _, last := withoutOffering(have, application); last && !wanted && remembered {
			problems = append(problems, lastProblem(spec, have, application))
		}
	}
	return problems
}

func lastProblem(spec connection.Spec, have State, application Application) Problem {
	return Problem{
		Path: "policy.applications",
		Message: fmt.Sprintf("Access application %s (%s, %s) offers no other identity provider than %s any more: without it, it would offer all of the account",
			quote(application.Name), application.Domain, application.ID, quote(cmp.Or(valueOf(have.IdentityProvider).Name, spec.Cloudflare.IDPName))),
		Advice: "choose in Access what else it offers, or have it offer all, then try again",
	}
}
