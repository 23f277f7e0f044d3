package activities

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
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
	if policy := state.Policy; policy != nil && policy.Adopted && (state.App == nil || !slices.Contains(state.App.Kept, policy.ID)) {
		emails, wide := policy.LetsIn()
		asked.Emails, asked.Wide = asked.Emails || emails, wide
	}
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

// orgsAt are the names of the org with the URL.
func (a *Activities) orgsAt(url string) []string {
	return heldAs(a.Orgs, url, func(org *okta.Client) string { return org.URL() })
}

// accountsWith are the names of the account with the id.
func (a *Activities) accountsWith(id string) []string {
	return heldAs(a.Accounts, id, func(account *cloudflare.Client) string { return account.Account() })
}

// heldAs are the names that the worker holds something under; what it was looked for by, which no rule allows, where it holds none.
func heldAs[T any](held map[string]T, wanted string, is func(T) string) []string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(held)), func(name string) bool { return !strings.EqualFold(is(held[name]), wanted) })
	if len(names) == 0 {
		return []string{wanted}
	}
	return names
}
