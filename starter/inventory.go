package main

import (
	"context"
	"fmt"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// existence is a connection as programs read it that Temporal knows no run of, but that exists.
type existence struct {
	Connection string `json:"connection"`
	Open       bool   `json:"open"`
	// Found is where it exists.
	Found []connection.Existing `json:"found"`
	// Unread are the orgs that could not be asked.
	Unread []connection.UnreadOrg `json:"unread,omitempty"`
}

// existing tells of a connection that Temporal knows no run of whether it exists on the Okta side.
func (a *application) existing(ctx context.Context, session *session, name string, at place, form output) error {
	inventory, err := a.look(ctx, session, connection.InventoryRequest{Name: name, Orgs: at.orgs()})
	if err != nil {
		return fmt.Errorf("%w; %w", &runs.NotFoundError{Connection: name}, err)
	}
	if len(inventory.Connections) == 0 {
		return nowhere(name, inventory)
	}
	if form == outputJSON {
		return view.JSON(a.stdout, existence{Connection: name, Found: inventory.Connections, Unread: inventory.Unread})
	}
	_, err = fmt.Fprint(a.stdout, style(a.stdout).Existing(name, inventory.Connections, time.Now()))
	a.sayUnread(inventory)
	return err
}

// entry is a connection of an inventory as programs read it, with its newest run that Temporal knows.
type entry struct {
	connection.Existing
	NewestRun *answer `json:"newest_run,omitempty"`
}

// inventories is an inventory as programs read it.
type inventories struct {
	Connections []entry                `json:"connections"`
	Orgs        []string               `json:"orgs"`
	Unread      []connection.UnreadOrg `json:"unread,omitempty"`
}

// inventory writes the connections that exist to the standard output, each with its newest run that Temporal knows.
func (a *application) inventory(ctx context.Context, session *session, statuses []runs.Status, form output) error {
	found, err := a.look(ctx, session, connection.InventoryRequest{})
	if err != nil {
		return err
	}
	known := map[string]runs.Status{}
	for _, status := range statuses {
		known[status.Connection] = status
	}
	if form == outputJSON {
		err = view.JSON(a.stdout, forPrograms(session, found, known))
	} else if len(found.Connections) > 0 {
		_, err = fmt.Fprint(a.stdout, style(a.stdout).Inventory(found, known, time.Now()))
	} else {
		a.say("No connection exists in the Okta orgs that the worker on task queue %q holds. Make one with `starter connect -f FILE`.", session.TaskQueue())
	}
	if err != nil {
		return err
	}
	if a.sayUnread(found) {
		return &exit{exitError, "The inventory isn't whole."}
	}
	return nil
}

func forPrograms(session *session, found connection.Inventory, known map[string]runs.Status) inventories {
	all := inventories{Connections: []entry{}, Orgs: found.Orgs, Unread: found.Unread}
	for _, each := range found.Connections {
		told := entry{Existing: each}
		if status, there := known[each.Connection]; there {
			told.NewestRun = &answer{Status: status, URL: session.link(status)}
		}
		all.Connections = append(all.Connections, told)
	}
	return all
}

// sayUnread names the orgs that could not be asked, with what to do, and reports whether there are any.
func (a *application) sayUnread(inventory connection.Inventory) bool {
	for _, each := range inventory.Unread {
		a.say("Okta org %s can't be read: what exists there isn't known.\n%s", each.Org, style(a.stderr).Why(each.Failure))
	}
	return len(inventory.Unread) > 0
}

// look asks a worker which connections exist. Where no worker is there to ask, it says so at once.
func (a *application) look(ctx context.Context, session *session, request connection.InventoryRequest) (connection.Inventory, error) {
	if session.Unpolled(ctx, session.TaskQueue()) {
		return connection.Inventory{}, fmt.Errorf("no worker polls task queue %q, to look into its Okta orgs: start one there, or give the queue of another with --task-queue",
			session.TaskQueue())
	}
	defer a.saysWaiting("the worker hasn't told which connections exist")()
	return session.Inventory(ctx, request)
}
