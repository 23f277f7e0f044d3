package activities

import (
	"context"
	"fmt"
	"strings"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// ConnectionTest names the connection to prove.
type ConnectionTest struct {
	Org              string                      `json:"org"`
	AppID            string                      `json:"app_id"`
	Account          string                      `json:"account"`
	RedirectURI      string                      `json:"redirect_uri"`
	IdentityProvider connection.IdentityProvider `json:"identity_provider"`
}

// TestConnection proves a connection without a person (procedure, "Proving a connection without a person", 1 to 4), because
// no public API presses "Save and test". It makes the four checks at the same time. A check that fails is repeated for some
// seconds: a new secret or redirect URI may take a moment to be known everywhere.
func (a *Activities) TestConnection(ctx context.Context, test ConnectionTest) (Tested, error) {
	org, account, err := a.both(test.Org, test.Account)
	if err != nil {
		return Tested{}, err
	}
	checks := make([]connection.Check, 4)
	failures := make([]error, 4)
	run := func(i int, name string, check func() (string, error)) func() error {
		return func() error {
			detail, err := check()
			checks[i] = connection.Check{Name: name, Passed: err == nil, Detail: detail}
			if failures[i] = err; err != nil {
				checks[i].Detail = err.Error()
			}
			return nil
		}
	}
	_ = together(
		run(0, "Okta's OpenID configuration", func() (string, error) { return checkIssuer(ctx, org) }),
		run(1, "client id and secret", func() (string, error) { return checkClient(ctx, org, test) }),
		run(2, "redirect URI", func() (string, error) {
			return "accepted: " + test.RedirectURI, org.AcceptsRedirect(ctx, test.IdentityProvider.ClientID, test.RedirectURI)
		}),
		run(3, "identity provider as declared", func() (string, error) { return checkIdentityProvider(ctx, account, test) }),
	)
	return Tested{Checks: checks}, failedTest(ctx, checks, failures)
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

func checkIdentityProvider(ctx context.Context, account *cloudflare.Client, test ConnectionTest) (string, error) {
	all, err := account.IdentityProvidersOf(ctx, test.IdentityProvider.ClientID)
	if err != nil {
		return "", err
	}
	if len(all) != 1 || all[0].ID != test.IdentityProvider.ID {
		return "", fmt.Errorf("%d identity providers have client id %q, instead of one with id %s", len(all), test.IdentityProvider.ClientID, test.IdentityProvider.ID)
	}
	change := connection.DiffIdentityProvider(&all[0].IdentityProvider, test.IdentityProvider)
	if change.Action != connection.ActionUnchanged {
		return "", fmt.Errorf("identity provider %s reads back differently: %v", test.IdentityProvider.ID, change.Fields)
	}
	return "reads back as declared: " + test.IdentityProvider.ID, nil
}
