// Package activities holds the documented steps: each an activity of its own that can be repeated, beside the one that
// undoes it. They are thin: what is wanted is decided by package connection, how a provider is asked by internal/okta and
// internal/cloudflare.
package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
)

// Activities are the steps, with the credentials that the worker holds. Register them with a worker as they are.
type Activities struct {
	// Orgs and Accounts are the clients by the names that connections use.
	Orgs     map[string]*okta.Client
	Accounts map[string]*cloudflare.Client
	// Look is how to look for something that may have been created although no answer came.
	Look Look
}

// Look says how often to look again for what isn't found, and how long to wait between: a provider's list can lag behind.
type Look struct {
	Times    int
	Interval time.Duration
}

func (a *Activities) org(name string) (*okta.Client, error) {
	client, held := a.Orgs[name]
	if !held {
		return nil, noCredentials("okta.orgs", name)
	}
	return client, nil
}

func (a *Activities) account(name string) (*cloudflare.Client, error) {
	client, held := a.Accounts[name]
	if !held {
		return nil, noCredentials("cloudflare.accounts", name)
	}
	return client, nil
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
		Message: message, Advice: fmt.Sprintf("add %s to the worker's configuration and restart it, or correct the name in the connection", all),
	})
}

// found repeats a look-up until it finds something, as often as a.Look says. It is for after a lost answer: an empty list
// is no proof of absence then.
func (a *Activities) found(ctx context.Context, look func() (bool, error)) error {
	for i := range max(a.Look.Times, 1) {
		if i > 0 {
			timer := time.NewTimer(a.Look.Interval)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return ctx.Err()
			}
		}
		if there, err := look(); there || err != nil {
			return err
		}
	}
	return nil
}

// Uncertain is part of every move that makes something.
type Uncertain struct {
	// Lost tells that an answer may have been lost earlier in the run, so that the thing may exist although it isn't found at once,
	// or exist twice.
	Lost bool `json:"lost,omitempty"`
}

// MarkLost notes that an answer was lost.
func (u *Uncertain) MarkLost() { u.Lost = true }

// repeated tells whether the step may have been done already.
func (u Uncertain) repeated(ctx context.Context) bool {
	return u.Lost || activity.GetInfo(ctx).Attempt > 1
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

// either returns what is known by id, else what is looked for.
func either[T any](ctx context.Context, id string, get func(context.Context, string) (*T, error), look func() (*T, error)) (*T, error) {
	if id != "" {
		return get(ctx, id)
	}
	return look()
}
