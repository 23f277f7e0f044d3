package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

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

// signInProblems find applications whose people can't be sent to the identity provider at once, and those that would offer all of the
// account once the identity provider is taken out.
func signInProblems(spec connection.Spec, have State) []Problem {
	id := cmp.Or(valueOf(have.IdentityProvider).ID, notYet)
	declared := WantApplications(have)
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
