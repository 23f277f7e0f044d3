package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// Problem is a reason not to start: something in the survey that no retry fixes and a person has to decide.
type Problem = connection.Problem

// Problems returns every reason not to start connecting, in the order of the document, so that a person can fix them all at
// once: groups and applications that are missing or ambiguous, groups that the claim leaves out, things of others that have a declared
// name, and an app that can't be what it is for.
func Problems(spec connection.Spec, have State) []Problem {
	problems := groupProblems(spec, have)
	for _, named := range have.Named {
		if len(named.IDs) != 1 {
			problems = append(problems, applicationProblem(spec, named))
		}
	}
	for _, stranger := range have.Strangers {
		if !spec.Adopt || stranger.Why != "" {
			problems = append(problems, strangerProblem(spec, stranger))
		}
	}
	problems = append(problems, appProblems(spec, have)...)
	problems = append(problems, signInProblems(spec, have)...)
	problems = append(problems, movedProblems(spec, have)...)
	problems = append(problems, readOnlyProblems(spec, have)...)
	problems = append(problems, federationProblems(spec, have)...)
	problems = append(problems, lookupProblems(spec, have)...)
	if idp := have.IdentityProvider; idp != nil && len(idp.Unreadable) > 0 {
		want := WantIdentityProvider(spec, have, WantApp(spec, have, notYet).ClientID)
		if diff := DiffIdentityProvider(idp, want); diff.Action != connection.ActionUnchanged && want.LookupToken == nil {
			problems = append(problems, Problem{
				Path:    "cloudflare.idp_name",
				Message: fmt.Sprintf("identity provider %q (%s) holds %s, which can't be read back: an update would lose it", idp.Name, idp.ID, strings.Join(idp.Unreadable, ", ")),
				Advice:  "take that setting out of the identity provider first, or set it again afterwards by hand and change the identity provider there",
			})
		}
	}
	return problems
}

// DisconnectProblems returns every reason not to take a connection away: what others still use. What was
// adopted is left, so that others may use it on.
func DisconnectProblems(spec connection.Spec, have State) []Problem {
	ours := map[string]bool{}
	if have.App != nil {
		for _, id := range have.App.Applications {
			ours[id] = true
		}
	}
	for _, named := range have.Named {
		for _, id := range named.IDs {
			ours[id] = true
		}
	}
	problems := movedProblems(spec, have)
	for _, application := range have.Applications {
		made, _ := have.offering(application.ID)
		if _, last := withoutOffering(have, application); last {
			problems = append(problems, lastProblem(spec, have, application))
			continue
		}
		usesPolicy := application.UsesPolicy && !ours[application.ID] && !have.Policy.Adopted
		usesProvider := application.UsesIdentityProvider && !have.IdentityProvider.Adopted && !made.Added
		if !usesProvider && !usesPolicy {
			continue
		}
		uses := "Access policy " + quote(policyName(spec, have))
		if usesProvider {
			uses = "identity provider " + quote(have.IdentityProvider.Name)
		}
		problems = append(problems, Problem{
			Path:    "policy.applications",
			Message: fmt.Sprintf("Access application %s (%s, %s) still uses the %s", quote(application.Name), application.Domain, application.ID, uses),
			Advice:  "take it out of that application first",
		})
	}
	if have.IdentityProvider != nil && have.IdentityProvider.Adopted {
		return problems
	}
	for _, policy := range have.OtherPolicies {
		problems = append(problems, Problem{
			Path:    "cloudflare.idp_name",
			Message: fmt.Sprintf("Access policy %s still refers to the identity provider %s", policy, quote(have.IdentityProvider.Name)),
			Advice:  "delete that policy or take the identity provider out of its rules first",
		})
	}
	return slices.Concat(problems, undeletableProblems(have), referrerProblems(have))
}

func policyName(spec connection.Spec, have State) string {
	if have.Policy != nil {
		return have.Policy.Name
	}
	return spec.Policy.Name
}

func applicationProblem(spec connection.Spec, named FoundApplication) Problem {
	problem := Problem{Path: "policy.applications"}
	if len(named.IDs) == 0 {
		problem.Message = fmt.Sprintf("there is no Access application %s in Cloudflare account %q", quote(named.Entry), spec.Cloudflare.Account)
		problem.Advice = "create it first or correct the entry: the domain as Access shows it, or the application's id"
		return problem
	}
	problem.Message = fmt.Sprintf("%d Access applications have the domain %s (%s)", len(named.IDs), quote(named.Entry), strings.Join(named.IDs, ", "))
	problem.Advice = "name the one you mean by its id"
	return problem
}

func strangerProblem(spec connection.Spec, stranger Stranger) Problem {
	path := map[connection.Resource]string{
		connection.ResourceApp: "okta.app_label", connection.ResourceIdentityProvider: "cloudflare.idp_name", connection.ResourcePolicy: "policy.name",
	}[stranger.Resource]
	problem := Problem{
		Path:    path,
		Message: fmt.Sprintf("an %s named %s (%s) exists and was not made by connection %q", stranger.Resource, quote(stranger.Name), stranger.ID, spec.Name),
		Advice:  "choose another name, delete it, or take it over with adopt: true",
	}
	switch {
	case stranger.Made:
		problem.Message = fmt.Sprintf("a run of connection %q made a second %s, %s (%s): there must be only one", spec.Name, stranger.Resource, quote(stranger.Name), stranger.ID)
		problem.Advice = "see which of the two people sign in through, and delete the other"
	case stranger.Why != "":
		problem.Message += "; it can't be adopted: " + stranger.Why
		problem.Advice = "choose another name; delete it only if nobody needs it"
	}
	return problem
}

func quote(text string) string { return fmt.Sprintf("%q", text) }
