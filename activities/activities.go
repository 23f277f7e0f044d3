// Package activities holds the documented steps: each an activity of its own that can be repeated, beside the one that
// undoes it. They are thin: what is wanted is decided by package connection, how a provider is asked by internal/okta and
// internal/cloudflare.
package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/rules"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// Activities are the steps, with the credentials that the worker holds. Register them with a worker as they are.
type Activities struct {
	// Orgs and Accounts are the clients by the names that connections use.
	Orgs     map[string]*okta.Client
	Accounts map[string]*cloudflare.Client
	// LookupTokens read the tokens for group look-up (see connection.CloudflareSpec), by the names of the orgs that they are for.
	LookupTokens map[string]func() (secret.Secret, error)
	// Rules are those of the worker's configuration; none allow everything.
	Rules rules.Rules
	// Waits say how late the providers' answers can be.
	Waits Waits
	// secrets are client secrets that were read moments ago.
	secrets recentSecrets
	// proven is what the providers said moments ago.
	proven proofs
}

func (a *Activities) org(ctx context.Context, name string, fence Fence) (*okta.Client, error) {
	client, held := a.Orgs[name]
	if !held {
		return nil, noCredentials("okta.orgs", name)
	}
	if err := cmp.Or(a.allow(fence, rules.Asked{Org: name}), fence.sameOrg(name, client.URL()), fence.newest(ctx)); err != nil {
		return client, err
	}
	return client, fence.newestWriter(ctx, client)
}

func (a *Activities) account(ctx context.Context, name string, fence Fence) (*cloudflare.Client, error) {
	client, held := a.Accounts[name]
	if !held {
		return nil, noCredentials("cloudflare.accounts", name)
	}
	return client, cmp.Or(a.allow(fence, rules.Asked{Account: name}), fence.sameAccount(name, client.Account()), fence.newest(ctx))
}

// both are the clients of an org and an account.
func (a *Activities) both(ctx context.Context, orgName, accountName string, fence Fence) (*okta.Client, *cloudflare.Client, error) {
	if err := a.allow(fence, rules.Asked{Org: orgName, Account: accountName}); err != nil {
		return nil, nil, err
	}
	org, noOrg := a.org(ctx, orgName, fence)
	account, noAccount := a.account(ctx, accountName, fence)
	if org == nil && account == nil {
		return nil, nil, noCredentials("okta.orgs", orgName, "cloudflare.accounts", accountName)
	}
	return org, account, cmp.Or(noOrg, noAccount)
}

// noCredentials is the error for credentials that the worker doesn't hold, each by its section and its name.
func noCredentials(sectionsAndNames ...string) error {
	var missing []string
	for pair := range slices.Chunk(sectionsAndNames, 2) {
		missing = append(missing, strings.Join(pair, "."))
	}
	all := strings.Join(missing, " and ")
	message := "this worker holds no credentials under " + all
	return temporal.NewNonRetryableApplicationError(message, "NoCredentials", nil, Detail{
		Message: message, Advice: fmt.Sprintf("add %s to the worker's configuration and restart it, or correct the name", all),
	})
}

// inOrder runs the calls one after the other, up to the first that fails.
func inOrder(calls ...func() error) error {
	for _, call := range calls {
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}

// together runs the calls at the same time, waits for all, and returns all their errors.
func together(calls ...func() error) error {
	failures := make([]error, len(calls))
	var group sync.WaitGroup
	for i, call := range calls {
		group.Go(func() { failures[i] = call() })
	}
	group.Wait()
	return errors.Join(failures...)
}
