package activities

import (
	"context"
	"fmt"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
)

// mayCreate refuses an app that isn't made as the connection's, or would send people elsewhere.
func (o *owner) mayCreate(ctx context.Context, want planner.App) error {
	if !o.Key(want.ClientID) || !o.Of(want.Connection) {
		return o.refused(ctx, fmt.Sprintf("the client id %q of an app marked as connection %q's is not one of connection %q", want.ClientID, want.Connection, o.Connection))
	}
	want.Memory = nil // the step writes one of its own
	return inOrder(
		func() error { return o.sendsTo(ctx, planner.App{}, want) },
		func() error { return o.remembers(ctx, planner.App{}, want) },
	)
}

// active refuses an app that nobody could sign in through: no document declares one.
func (o *owner) active(ctx context.Context, want planner.App) error {
	if want.Status == planner.AppActive {
		return nil
	}
	return o.refused(ctx, fmt.Sprintf("Okta app %q would be %q, and no document declares that", want.Label, want.Status))
}

// closed refuses to turn Federation Broker Mode on: everyone may use such an app.
func (o *owner) closed(ctx context.Context, now, want planner.App) error {
	if now.Broker || !want.Broker {
		return nil
	}
	return o.refused(ctx, fmt.Sprintf("Okta app %q would be in Federation Broker Mode, and no document declares that", want.Label))
}

// mayChange refuses to change an app that isn't the connection's nor can be, or to have it send people elsewhere.
func (o *owner) mayChange(ctx context.Context, now okta.App, want planner.App) error {
	return inOrder(
		func() error { return o.closed(ctx, now.App, want) },
		func() error { return o.takesApp(ctx, now) },
		func() error { return o.sendsTo(ctx, now.App, want) },
		func() error { return o.remembers(ctx, now.App, want) },
	)
}

// mayPutBack refuses to put back what the connection's app can't have had. Nobody but the run knows what that was: redirect URIs of others
// are believed where the worker's rules let apps of others be taken over, which have such.
func (o *owner) mayPutBack(ctx context.Context, now okta.App, back planner.App) error {
	if planner.SameApp(now.App, back) {
		return nil
	}
	if err := o.mayRemember(ctx, now, back); err != nil {
		return err
	}
	if back.Connection == "" {
		if err := o.mayEnd(ctx, now.ID, now); err != nil {
			return err
		}
	}
	if open := o.closed(ctx, now.App, back); open != nil && o.allow(o.fence, rules.Asked{Org: o.orgName(), Everyone: true}) != nil {
		return open
	}
	if elsewhere := o.sendsTo(ctx, now.App, back); elsewhere != nil && o.allow(o.fence, rules.Asked{Org: o.orgName(), Adopt: true}) != nil {
		return elsewhere
	}
	return nil
}

// sendsTo refuses redirect URIs that an app doesn't have and that aren't where Access receives people for the account.
func (o *owner) sendsTo(ctx context.Context, now, next planner.App) error {
	if len(planner.OtherRedirects(now, next)) == 0 {
		return nil
	}
	callbacks, err := o.callbacks(ctx)
	if err != nil {
		return err
	}
	if others := planner.OtherRedirects(now, next, callbacks...); len(others) > 0 {
		return o.refused(ctx, fmt.Sprintf("Okta app %q would send people to %q, which is not where the account's authorization domain receives them", next.Label, others))
	}
	return nil
}

// callbacks are where Access receives people: for the account that the step tells of, or else for any that the worker holds.
func (o *owner) callbacks(ctx context.Context) ([]string, error) {
	if err := o.heldAccount(); err != nil {
		return nil, err
	}
	accounts := []*cloudflare.Client{o.account}
	if o.account == nil {
		accounts = nil
		for _, account := range o.Accounts {
			accounts = append(accounts, account)
		}
	}
	var callbacks []string
	for _, account := range accounts {
		domain, held := o.proven.held([]string{"authorization domain", account.Account()})
		if !held {
			var err error
			if domain, err = account.AuthDomain(ctx); err != nil {
				return nil, err
			}
			o.proven.note([]string{"authorization domain", account.Account()}, domain)
		}
		callbacks = append(callbacks, planner.RedirectURI(domain))
	}
	return callbacks, nil
}
