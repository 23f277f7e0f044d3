package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

// place says where a connection is, when nothing else does: by the names that a worker holds credentials under. Each may be "".
type place struct{ org, account string }

// addPlace gives a command the flags that say where to look.
func addPlace(command *cobra.Command, at *place) {
	command.Flags().StringVar(&at.org, "org", "", "the Okta org to look in, by the worker's name for it (default: every one that it holds)")
	command.Flags().StringVar(&at.account, "account", "", "the Cloudflare account, by the worker's name for it (default: the one that the connection remembers)")
}

// fits reports whether a document is of the place.
func (p place) fits(spec connection.Spec) bool {
	return (p.org == "" || p.org == spec.Okta.Org) && (p.account == "" || p.account == spec.Cloudflare.Account)
}

// documentOf is the document that a command is about: from the file, or the one that the connection of the name was last connected with.
// The caller closes the session.
func (a *application) documentOf(ctx context.Context, names []string, file string, at place) (*session, connection.Spec, error) {
	var spec connection.Spec
	var err error
	if file != "" {
		if spec, err = a.read(file); err != nil {
			return nil, spec, err
		}
		switch {
		case len(names) > 0 && spec.Name != names[0]:
			return nil, spec, usage(fmt.Errorf("the document is of connection %q, not of %q", spec.Name, names[0]))
		case at != place{}:
			return nil, spec, usage(errors.New("the document says which org and account: leave out --org and --account, or the document"))
		}
	}
	session, err := a.dial(ctx)
	if err != nil || file != "" {
		return session, spec, err
	}
	if spec, err = a.remembered(ctx, session, names[0], at); err != nil {
		session.close()
	}
	return session, spec, err
}

// remembered is the document that a connection was last connected with: as Temporal knows it, or else as the connection's Okta app
// remembers it. When Temporal knows only runs that didn't connect, the app knows better.
func (a *application) remembered(ctx context.Context, session *session, name string, at place) (connection.Spec, error) {
	spec, from, err := session.Document(ctx, name)
	var unknown *runs.NotFoundError
	if err != nil && !errors.As(err, &unknown) {
		return spec, fmt.Errorf("%w; give the document with -f FILE", err)
	}
	known := err == nil && at.fits(spec)
	if known && from.State == connection.RunConnected {
		a.sayDocument(spec, from)
		return spec, nil
	}
	inventory, err := a.look(ctx, session, connection.InventoryRequest{Name: name, Orgs: at.orgs()})
	if err != nil {
		return spec, fmt.Errorf("%w; or give the document with -f FILE", err)
	}
	if known && len(inventory.Connections) == 0 && len(inventory.Unread) == 0 {
		a.sayDocument(spec, from)
		return spec, nil
	}
	found, err := theOne(name, inventory)
	if err != nil {
		return spec, err
	}
	spec = *found.Document
	if at.account != "" {
		spec.Cloudflare.Account = at.account
	}
	a.say("Using the document that Okta app %q (%s) in Okta org %s remembers, of the run that started at %s (run %s): Cloudflare account %s",
		found.AppLabel, found.AppID, found.Org, clock(found.RunStarted), found.Run, spec.Cloudflare.Account)
	return spec, nil
}

func (p place) orgs() []string {
	if p.org == "" {
		return nil
	}
	return []string{p.org}
}

// sayDocument says which run's document is used.
func (a *application) sayDocument(spec connection.Spec, from runs.Status) {
	a.say("Using the document of the run that started at %s (%s, run %s): Okta org %s, Cloudflare account %s", clock(from.StartedAt),
		from.Phrase(), from.RunID, spec.Okta.Org, spec.Cloudflare.Account)
}

// clock is a time as a person at this machine reads it.
func clock(at time.Time) string { return at.Local().Format("2006-01-02 15:04:05") }

// theOne is the connection of a name, where exactly one exists and its document is known: what can't be told is not guessed.
func theOne(name string, inventory connection.Inventory) (connection.Existing, error) {
	const giveIt = "give the document with -f FILE"
	switch found := inventory.Connections; {
	case len(found) == 0:
		return connection.Existing{}, fmt.Errorf("%w; %s", nowhere(name, inventory), giveIt)
	case len(found) > 1:
		return connection.Existing{}, fmt.Errorf("connection %q exists more than once: %s; say which one with --org, or %s", name, places(found), giveIt)
	case found[0].Document == nil:
		return found[0], fmt.Errorf("connection %q exists (%s), but what it consists of isn't known: %s; %s", name, places(found), found[0].Unknown, giveIt)
	}
	return inventory.Connections[0], nil
}

// nowhere says that no connection of the name was found, and where it was looked for.
func nowhere(name string, inventory connection.Inventory) error {
	unread := map[string]bool{}
	var why []string
	for _, each := range inventory.Unread {
		unread[each.Org] = true
		why = append(why, fmt.Sprintf("; Okta org %s can't be read: %s", each.Org, each.Failure.Message))
		if each.Failure.Advice != "" {
			why = append(why, " ("+each.Failure.Advice+")")
		}
	}
	var asked []string
	for _, org := range inventory.Orgs {
		if !unread[org] {
			asked = append(asked, org)
		}
	}
	text := (&runs.NotFoundError{Connection: name}).Error()
	if len(asked) > 0 {
		text += fmt.Sprintf(", and no Okta app of it in the orgs that the worker holds (%s)", strings.Join(asked, ", "))
	}
	return errors.New(text + strings.Join(why, ""))
}

// places names where connections are.
func places(found []connection.Existing) string {
	var all []string
	for _, each := range found {
		all = append(all, fmt.Sprintf("Okta org %s, app %q (%s)", each.Org, each.AppLabel, each.AppID))
	}
	return strings.Join(all, "; ")
}
