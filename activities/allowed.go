package activities

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
)

// ErrorNotAllowed is the type of the error of a step that the rules of the worker's configuration don't allow.
const ErrorNotAllowed = "NotAllowed"

// notAllowed is the error for what the worker's rules refuse; nil for no refusals.
func notAllowed(refusals []connection.Problem) error {
	if len(refusals) == 0 {
		return nil
	}
	lines := make([]string, len(refusals))
	for i, refusal := range refusals {
		lines[i] = refusal.Message
	}
	message := "the worker's configuration doesn't allow this: " + strings.Join(lines, "; ")
	return temporal.NewNonRetryableApplicationError(message, ErrorNotAllowed, nil, Detail{
		Message: message, Advice: refusals[0].Advice, Problems: refusals,
	})
}

// askedBy is what a document asks the worker's rules for. What only the providers know is in the state: the names of groups and of the
// applications that entries of the document mean.
func askedBy(request SurveyRequest, state planner.State, applications []planner.ListedApplication) rules.Asked {
	spec := request.Spec
	asked := rules.Asked{Connection: spec.Name, Org: spec.Okta.Org, Account: spec.Cloudflare.Account}
	if request.Disconnect { // it takes away, whatever the document declares
		asked.Disconnect = true
		return asked
	}
	asked.Adopt = spec.Adopt
	asked.Emails = len(spec.Policy.Allow.Emails)+len(spec.Policy.Allow.EmailDomains) > 0
	asked.Everyone = planner.AssignsEveryone(spec, state)
	declared := planner.WantApplications(state)
	for _, application := range applications {
		if slices.Contains(declared, application.ID) {
			asked.Applications = append(asked.Applications, application)
		}
	}
	return asked
}

// allow refuses a step that no document which the worker's rules allow could have. A step that is about one side alone tells of the other
// by its fence.
func (a *Activities) allow(fence Fence, asked rules.Asked) error {
	if len(a.Rules) == 0 {
		return nil
	}
	asked.Connection = cmp.Or(asked.Connection, fence.Connection)
	orgs, accounts := []string{asked.Org}, []string{asked.Account}
	if asked.Org == "" && fence.OktaURL != "" {
		orgs = a.orgsAt(fence.OktaURL)
	}
	if asked.Account == "" && fence.AccountID != "" {
		accounts = a.accountsWith(fence.AccountID)
	}
	var refusals []connection.Problem
	for _, asked.Org = range orgs {
		for _, asked.Account = range accounts {
			if refusals = a.Rules.Refusals(asked); len(refusals) == 0 {
				return nil
			}
		}
	}
	return notAllowed(refusals)
}

// orgsAt are the names of the org with the URL; the URL itself, which no rule allows, where the worker holds none.
func (a *Activities) orgsAt(url string) []string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(a.Orgs)), func(name string) bool { return !strings.EqualFold(a.Orgs[name].URL(), url) })
	if len(names) == 0 {
		return []string{url}
	}
	return names
}

// accountsWith are the names of the account with the id; the id itself, which no rule allows, where the worker holds none.
func (a *Activities) accountsWith(id string) []string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(a.Accounts)), func(name string) bool { return !strings.EqualFold(a.Accounts[name].Account(), id) })
	if len(names) == 0 {
		return []string{id}
	}
	return names
}
