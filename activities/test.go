package activities

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

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
	Fence
	Uncertain
	Org              string                   `json:"org" form:"name"`
	AppID            string                   `json:"app_id" form:"okta"`
	Account          string                   `json:"account" form:"name"`
	RedirectURI      string                   `json:"redirect_uri" form:"callback"`
	IdentityProvider planner.IdentityProvider `json:"identity_provider"`
	// PolicyID is the policy that Applications, by id, use.
	PolicyID     string   `json:"policy_id,omitempty" form:"cloudflare"`
	Applications []string `json:"applications,omitempty" form:"cloudflare"`
	// SignIn means that the applications are to offer the identity provider too; runs of earlier versions didn't see to that.
	SignIn bool `json:"sign_in,omitempty"`
	// Policy, Claim and Groups are what was declared beside; nil in runs of earlier versions.
	Policy *planner.AccessPolicy `json:"policy,omitempty"`
	Claim  *planner.Claim        `json:"claim,omitempty"`
	Groups []planner.Group       `json:"groups,omitempty"`
	// Secret is the client secret that Cloudflare was handed; zero when that isn't known.
	Secret planner.HandedSecret `json:"secret,omitzero"`
}

// TestConnection proves a connection without a person (procedure, "Proving a connection without a person", 1 to 4), because
// no public API presses "Save and test"; and it reads back all that the run declared, and counts: someone may have changed it
// meanwhile, and a request whose answer was lost may have made it twice. It makes all checks at the same time. One that fails is
// repeated for some seconds: a new secret or redirect URI may take a moment to be known everywhere.
func (a *Activities) TestConnection(ctx context.Context, test ConnectionTest) (Tested, error) {
	org, account, err := a.both(ctx, test.Org, test.Account, test.Fence)
	if err != nil {
		return Tested{}, err
	}
	if err := a.ownerIn(test.Fence, org, account).mayTest(ctx, test); err != nil {
		return Tested{}, fail(ctx, err, justCreated)
	}
	done, failures := checkAll(a.checks(ctx, org, account, test))
	return Tested{Checks: done}, failedTest(ctx, done, failures)
}

// mayTest refuses to prove what isn't the connection's: a client secret is used, and duplicates that a lost answer left are deleted.
func (o *owner) mayTest(ctx context.Context, test ConnectionTest) error {
	clientID, err := o.mine(ctx, test.AppID)
	if err == nil && clientID != "" && clientID != test.IdentityProvider.ClientID {
		err = o.refused(ctx, fmt.Sprintf("the client id %q is not the one of the connection's Okta app %s", test.IdentityProvider.ClientID, test.AppID))
	}
	if err != nil || !test.Lost || test.Policy == nil {
		return err
	}
	return o.declares(ctx, *test.Policy)
}

// checks are the checks that a connection needs.
func (a *Activities) checks(ctx context.Context, org *okta.Client, account *cloudflare.Client, test ConnectionTest) []check {
	checks := []check{
		{"Okta's OpenID configuration", func() (string, error) { return checkIssuer(ctx, org) }},
		{"client id and secret", func() (string, error) { return a.checkClient(ctx, org, test) }},
		{"redirect URI", func() (string, error) {
			challenges := test.IdentityProvider.PKCE == nil || *test.IdentityProvider.PKCE
			return "accepted: " + test.RedirectURI, org.AcceptsRedirect(ctx, test.IdentityProvider.ClientID, test.RedirectURI, challenges)
		}},
		{"identity provider as declared", func() (string, error) { return checkIdentityProvider(ctx, account, test) }},
	}
	if test.Policy != nil {
		checks = append(checks,
			check{"Access policy as declared", func() (string, error) { return checkPolicy(ctx, account, test) }},
			check{"groups claim as declared", func() (string, error) { return checkClaim(ctx, org, test) }},
			check{"groups assigned", func() (string, error) { return checkGroups(ctx, org, test) }})
	}
	if len(test.Applications) > 0 {
		checks = append(checks, check{"applications use the policy", func() (string, error) { return checkApplications(ctx, account, test) }})
	}
	return checks
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
	var wait time.Duration
	passes := !lasting(ctx)
	detail := Detail{Attempt: int(activity.GetInfo(ctx).Attempt), Until: heartOf(ctx).until()}
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
			detail.Limit, wait = cmp.Or(detail.Limit, failure.Limit), max(wait, failure.RetryAfter)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	detail.Message = "the connection doesn't work: " + strings.Join(failed, "; ")
	detail.Advice = "put right what the checks that failed name, then start the run again"
	return temporal.NewApplicationErrorWithOptions(detail.Message, "ConnectionTestFailed", temporal.ApplicationErrorOptions{
		NonRetryable: !passes, NextRetryDelay: wait, Details: []any{detail},
	})
}
