package activities

import (
	"cmp"
	"context"
	"fmt"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// AppMove moves an Okta app from what was surveyed, nil for none, to what is wanted.
type AppMove struct {
	Fence
	Org  string       `json:"org" form:"name"`
	Have *planner.App `json:"have,omitempty"`
	Want planner.App  `json:"want"`
	Uncertain
}

// Identify notes what the provider gave.
func (m *AppMove) Identify(made Made) {
	m.Want.ID, m.Want.ClientID = cmp.Or(made.ID, m.Want.ID), cmp.Or(made.ClientID, m.Want.ClientID)
}

// mostGenerations bounds how many client ids are tried in an attempt, each of which Okta keeps for an app that was deleted.
const mostGenerations = 10

// CreateOktaApp makes the OpenID Connect app, or changes the one there is (procedure, step 2). Two creates can't make two apps:
// the client id is the connection's, and Okta holds it unique.
func (a *Activities) CreateOktaApp(ctx context.Context, move AppMove) (Made, error) {
	move.Connection = cmp.Or(move.Connection, move.Want.Connection)
	org, err := a.org(ctx, move.Org, move.Fence)
	if err != nil {
		return Made{}, err
	}
	o := a.ownerIn(move.Fence, org, nil)
	if err := o.active(ctx, move.Want); err != nil {
		return Made{}, fail(ctx, err)
	}
	if move.Have != nil {
		return Made{ID: move.Have.ID}, fail(ctx, o.updateApp(ctx, *move.Have, move.Want, func(now okta.App) error { return o.mayChange(ctx, now, move.Want) }))
	}
	if err := o.mayCreate(ctx, move.Want); err != nil {
		return Made{}, fail(ctx, err)
	}
	want := move.Want
	want.Memory = &planner.Memory{Run: move.Run, Started: move.Started, MadeBy: ownRun(ctx)}
	var refused error
	for range mostGenerations {
		app, err := org.CreateApp(ctx, want)
		if failure := transport.As(err); failure == nil || failure.Code != okta.CodeValidation {
			if app != nil {
				o.noteApp(app.App)
			}
			return madeApp(app), fail(ctx, err)
		}
		// It may be refused because the client id is taken. What Okta says then isn't documented, so look.
		refused = cmp.Or(refused, err)
		if app, err = holderOf(ctx, org, want.ClientID); err != nil {
			return Made{}, fail(ctx, err)
		}
		if app != nil {
			return a.existing(ctx, move, app)
		}
		generation := planner.Generation(want.Connection, want.ClientID)
		if generation == 0 {
			break // a run of an earlier version
		}
		want.ClientID = planner.ClientID(want.Connection, generation+1)
	}
	return Made{}, fail(ctx, refused)
}

func madeApp(app *okta.App) Made {
	if app == nil {
		return Made{}
	}
	return Made{ID: app.ID, ClientID: app.ClientID}
}

// holderOf returns the app that has the client id, or nil when none has. A list alone is no proof: it can be behind.
func holderOf(ctx context.Context, org *okta.Client, clientID string) (*okta.App, error) {
	app, err := org.FindApp(ctx, clientID)
	if app != nil || err != nil {
		return app, err
	}
	known, err := org.ClientKnown(ctx, clientID)
	if err != nil || !known {
		return nil, err
	}
	return nil, &transport.Error{
		Provider: "okta", Method: "GET", Path: "/api/v1/apps", Kind: transport.Unavailable,
		Summary: fmt.Sprintf("the client id %q exists, but no app with it is listed yet", clientID),
	}
}

// existing is for an app that has the connection's client id already: it was made by an earlier attempt of the run, or the survey
// didn't see it.
func (a *Activities) existing(ctx context.Context, move AppMove, app *okta.App) (Made, error) {
	if app.Memory != nil && app.Memory.Run == move.Run || move.Run == "" && move.repeated(ctx, move.Fence) {
		heartOf(ctx).found(1)
		return madeApp(app), nil
	}
	message := fmt.Sprintf("Okta app %q (%s) has the connection's client id %q, and was not seen by the survey", app.Label, app.ID, app.ClientID)
	return Made{}, temporal.NewApplicationErrorWithOptions(message, ErrorUnseen, temporal.ApplicationErrorOptions{
		NonRetryable: true, Details: []any{Detail{Message: message, Unseen: app.ID, Advice: "start the run again: it surveys both sides first"}},
	})
}

// ErrorUnseen is the type of the error of a step that found something of the connection which the survey didn't see.
const ErrorUnseen = "Unseen"

// updateApp changes an app, which may refuse as it is now. An app has the connection's mark as long as anything of it is changed: it is
// marked first, and the mark is taken away last.
func (o *owner) updateApp(ctx context.Context, have, want planner.App, may func(okta.App) error) error {
	settings := func() error {
		have.Status = want.Status
		if planner.SameApp(have, want) {
			return nil
		}
		if err := o.org.UpdateApp(ctx, have, want, may); err != nil || want.Connection == "" || !o.Of(want.Connection) {
			return err
		}
		o.noteApp(want) // it has the mark now: the steps that follow need not look
		return nil
	}
	status := func() error {
		if _, err := o.mine(ctx, have.ID); err != nil {
			return err
		}
		if want.Status == planner.AppActive {
			return o.org.ActivateApp(ctx, have.ID)
		}
		return o.org.DeactivateApp(ctx, have.ID)
	}
	switch {
	case have.Status == want.Status:
		return settings()
	case want.Connection == "":
		return inOrder(status, settings)
	}
	return inOrder(settings, status)
}

// RevertOktaApp undoes CreateOktaApp: it deletes the app that this run made, or puts back the settings that this run changed.
func (a *Activities) RevertOktaApp(ctx context.Context, move AppMove) (Reverted, error) {
	move.Connection = cmp.Or(move.Connection, move.Want.Connection)
	org, err := a.org(ctx, move.Org, move.Fence)
	if err != nil {
		return Reverted{}, err
	}
	if move.Have == nil {
		return Reverted{}, a.deleteMadeApp(ctx, org, move)
	}
	now, err := org.GetApp(ctx, move.Have.ID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if now == nil {
		return gone(connection.ResourceApp, move.Have.Label), nil
	}
	back, left := planner.PutAppBack(*move.Have, move.Want, now.App)
	o := a.ownerIn(move.Fence, org, nil)
	if err := o.mayPutBack(ctx, *now, back); err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if err := o.updateApp(ctx, now.App, back, nil); err != nil {
		return Reverted{Left: left}, fail(ctx, err, undoing)
	}
	o.forgetApp(now.ID)
	return Reverted{Left: left}, a.lookAgain(ctx, move.Fence, move.Until, "an update of "+planner.Title(connection.ResourceApp, now.Label))
}

// deleteMadeApp deletes the app that this run made: by its id, where that is known, and what a request made whose answer never
// came. While that may still be carried out, it waits. It never deletes what this run didn't make.
func (a *Activities) deleteMadeApp(ctx context.Context, org *okta.Client, move AppMove) error {
	if move.Want.ID != "" {
		now, err := org.GetApp(ctx, move.Want.ID)
		if err == nil && now != nil && now.ClientID == move.Want.ClientID {
			err = a.deleteOwnApp(ctx, org, move, now)
		}
		if err != nil || !move.Lost {
			return fail(ctx, err, undoing)
		}
	}
	unanswered, err := findMadeApp(ctx, org, move)
	if err == nil && unanswered != nil {
		err = a.deleteOwnApp(ctx, org, move, unanswered)
	}
	if err != nil {
		return fail(ctx, err, undoing)
	}
	if unanswered != nil && len(move.Until) <= 1 {
		return nil
	}
	return a.lookAgain(ctx, move.Fence, move.Until, planner.Title(connection.ResourceApp, move.Want.Label))
}

// findMadeApp looks for an app that the run made without getting an answer, of whatever generation its client id is.
func findMadeApp(ctx context.Context, org *okta.Client, move AppMove) (*okta.App, error) {
	apps, err := org.ListApps(ctx)
	if err != nil {
		return nil, err
	}
	for _, app := range apps {
		if app.ID != move.Want.ID && move.made(app.App) {
			return &app, nil
		}
	}
	app, err := holderOf(ctx, org, move.Want.ClientID)
	if app == nil || err != nil || app.ID == move.Want.ID || !move.made(app.App) {
		return nil, err
	}
	return app, nil
}

// made reports whether the run made the app: it has the connection's client id and the run's mark. Who took the mark away meanwhile
// can't have given the client id: there was no such app when the run surveyed.
func (m *AppMove) made(now planner.App) bool {
	if m.Run == "" || now.Memory == nil {
		return m.Want.ClientID == now.ClientID
	}
	return planner.OwnsClientID(m.Want.Connection, now.ClientID) && now.Memory.Run == m.Run
}

// deleteOwnApp deletes an app that has the connection's key. One that it took over hasn't.
func (a *Activities) deleteOwnApp(ctx context.Context, org *okta.Client, move AppMove, app *okta.App) error {
	o := a.ownerIn(move.Fence, org, nil)
	if !o.Key(app.ClientID) {
		return o.notOurs(ctx, fmt.Sprintf("Okta app %q (%s)", app.Label, app.ID))
	}
	if err := o.mayEnd(ctx, app.ID, *app); err != nil {
		return err
	}
	return deleteApp(ctx, org, app)
}

// deleteApp deactivates an app and deletes it: Okta refuses to delete an active one.
func deleteApp(ctx context.Context, org *okta.Client, app *okta.App) error {
	if app.Status == planner.AppActive {
		if err := org.DeactivateApp(ctx, app.ID); err != nil && !transport.Is(err, transport.NotFound) {
			return err
		}
	}
	return org.DeleteApp(ctx, app.ID)
}
