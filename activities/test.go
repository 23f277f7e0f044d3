package activities

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// ConnectionTest names the connection to prove.
type ConnectionTest struct {
	Org              string                   `json:"org"`
	AppID            string                   `json:"app_id"`
	Account          string                   `json:"account"`
	RedirectURI      string                   `json:"redirect_uri"`
	IdentityProvider planner.IdentityProvider `json:"identity_provider"`
	// PolicyID is the policy that Applications, by id, use.
	PolicyID     string   `json:"policy_id,omitempty"`
	Applications []string `json:"applications,omitempty"`
}

// TestConnection proves a connection without a person (procedure, "Proving a connection without a person", 1 to 4), because
// no public API presses "Save and test". It makes the four checks at the same time, and where the document names applications, a
// fifth: somebody who changed one at the same moment may have written it back without the policy. A check that fails is repeated
// for some seconds: a new secret or redirect URI may take a moment to be known everywhere.
func (a *Activities) TestConnection(ctx context.Context, test ConnectionTest) (Tested, error) {
	org, account, err := a.both(test.Org, test.Account)
	if err != nil {
		return Tested{}, err
	}
	checks := []check{
		{"Okta's OpenID configuration", func() (string, error) { return checkIssuer(ctx, org) }},
		{"client id and secret", func() (string, error) { return checkClient(ctx, org, test) }},
		{"redirect URI", func() (string, error) {
			return "accepted: " + test.RedirectURI, org.AcceptsRedirect(ctx, test.IdentityProvider.ClientID, test.RedirectURI)
		}},
		{"identity provider as declared", func() (string, error) { return checkIdentityProvider(ctx, account, test) }},
	}
	if len(test.Applications) > 0 {
		checks = append(checks, check{"applications use the policy", func() (string, error) { return checkApplications(ctx, account, test) }})
	}
	done, failures := checkAll(checks)
	return Tested{Checks: done}, failedTest(ctx, done, failures)
}

// check is one of the checks; it returns what was found.
type check struct {
	name string
	find func() (string, error)
}

// checkAll makes the checks at the same time.
func checkAll(checks []check) ([]connection.Check, []error) {
	done, failures := make([]connection.Check, len(checks)), make([]error, len(checks))
	calls := make([]func() error, len(checks))
	for i, each := range checks {
		calls[i] = func() error {
			detail, err := each.find()
			done[i] = connection.Check{Name: each.name, Passed: err == nil, Detail: detail}
			if failures[i] = err; err != nil {
				done[i].Detail = err.Error()
			}
			return nil
		}
	}
	_ = together(calls...)
	return done, failures
}

// failedTest is the error of a test of which a check failed, or nil.
func failedTest(ctx context.Context, checks []connection.Check, failures []error) error {
	var failed []string
	passes := activity.GetInfo(ctx).Attempt < passing
	detail := Detail{Attempt: int(activity.GetInfo(ctx).Attempt)}
	for i, err := range failures {
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return fail(ctx, err)
		}
		failed = append(failed, checks[i].Name+": "+err.Error())
		if failure := transport.As(err); failure != nil {
			passes = passes || failure.Retryable()
			detail.Provider, detail.RequestID = failure.Provider, failure.RequestID
		}
	}
	if len(failed) == 0 {
		return nil
	}
	detail.Message = "the connection doesn't work: " + strings.Join(failed, "; ")
	detail.Advice = "see the provider's words for each check that failed"
	return temporal.NewApplicationErrorWithOptions(detail.Message, "ConnectionTestFailed", temporal.ApplicationErrorOptions{
		NonRetryable: !passes, Details: []any{detail},
	})
}

func checkIssuer(ctx context.Context, org *okta.Client) (string, error) {
	issuer, err := org.Issuer(ctx)
	return "issuer is " + issuer, err
}

func checkClient(ctx context.Context, org *okta.Client, test ConnectionTest) (string, error) {
	clientSecret, err := org.ActiveSecret(ctx, test.AppID)
	if err != nil {
		return "", err
	}
	return "accepted: " + test.IdentityProvider.ClientID, org.AcceptsClient(ctx, test.IdentityProvider.ClientID, clientSecret)
}

func checkApplications(ctx context.Context, account *cloudflare.Client, test ConnectionTest) (string, error) {
	all, err := account.ListApplications(ctx)
	if err != nil {
		return "", err
	}
	for _, id := range test.Applications {
		at := slices.IndexFunc(all, func(application cloudflare.Application) bool { return application.ID == id })
		if at < 0 || !slices.Contains(all[at].Policies, test.PolicyID) {
			return "", fmt.Errorf("application %s doesn't use the policy %s, although it was attached: somebody may have changed it at the same moment", id, test.PolicyID)
		}
	}
	return fmt.Sprintf("%d of %d", len(test.Applications), len(test.Applications)), nil
}

func checkIdentityProvider(ctx context.Context, account *cloudflare.Client, test ConnectionTest) (string, error) {
	all, err := account.IdentityProvidersOf(ctx, test.IdentityProvider.ClientID)
	if err != nil {
		return "", err
	}
	if len(all) != 1 || all[0].ID != test.IdentityProvider.ID {
		return "", fmt.Errorf("%d identity providers have client id %q, instead of one with id %s", len(all), test.IdentityProvider.ClientID, test.IdentityProvider.ID)
	}
	change := planner.DiffIdentityProvider(&all[0].IdentityProvider, test.IdentityProvider)
	if change.Action != connection.ActionUnchanged {
		return "", fmt.Errorf("identity provider %s reads back differently: %v", test.IdentityProvider.ID, change.Fields)
	}
	return "reads back as declared: " + test.IdentityProvider.ID, nil
}
