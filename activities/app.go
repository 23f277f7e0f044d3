package activities

import (
	"cmp"
	"context"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// AppMove moves an Okta app from what was surveyed, nil for none, to what is wanted.
type AppMove struct {
	Org  string       `json:"org"`
	Have *planner.App `json:"have,omitempty"`
	Want planner.App  `json:"want"`
	Uncertain
}

// Identify notes the id that the provider gave.
func (m *AppMove) Identify(id string) { m.Want.ID = cmp.Or(id, m.Want.ID) }

// CreateOktaApp makes the OpenID Connect app, or changes the one there is (procedure, step 2). A create whose answer was
// lost is found again by its client id, which Okta holds unique.
func (a *Activities) CreateOktaApp(ctx context.Context, move AppMove) (Made, error) {
	org, err := a.org(move.Org)
	if err != nil {
		return Made{}, err
	}
	if move.Have != nil {
		return Made{ID: move.Have.ID}, fail(ctx, updateApp(ctx, org, *move.Have, move.Want))
	}
	if move.repeated(ctx) {
		if app, err := a.findApp(ctx, org, move.Want.ClientID, false); app != nil || err != nil {
			return madeApp(app), fail(ctx, err)
		}
	}
	app, err := org.CreateApp(ctx, move.Want)
	if refused := transport.As(err); refused != nil && refused.Code == okta.CodeValidation {
		// It may be refused because an earlier attempt made it. What Okta says then isn't documented, so look.
		if app, err := a.findApp(ctx, org, move.Want.ClientID, move.repeated(ctx)); app != nil || err != nil {
			return madeApp(app), fail(ctx, err)
		}
	}
	return madeApp(app), fail(ctx, err)
}

func madeApp(app *okta.App) Made {
	if app == nil {
		return Made{}
	}
	return Made{ID: app.ID}
}

// findApp looks for the app with the client id; again and again when its creation may have been lost.
func (a *Activities) findApp(ctx context.Context, org *okta.Client, clientID string, lost bool) (app *okta.App, err error) {
	if !lost {
		return org.FindApp(ctx, clientID)
	}
	err = a.found(ctx, func() (bool, error) {
		app, err = org.FindApp(ctx, clientID)
		return app != nil, err
	})
	return app, err
}

func updateApp(ctx context.Context, org *okta.Client, have, want planner.App) error {
	if have.Status != want.Status {
		change := org.ActivateApp
		if want.Status != planner.AppActive {
			change = org.DeactivateApp
		}
		if err := change(ctx, have.ID); err != nil {
			return err
		}
		have.Status = want.Status
	}
	if planner.DiffApp(&have, want).Action == connection.ActionUnchanged {
		return nil
	}
	return org.UpdateApp(ctx, have.ID, want)
}

// RevertOktaApp undoes CreateOktaApp: it deletes the app that this run made, or puts back the settings that this run changed.
func (a *Activities) RevertOktaApp(ctx context.Context, move AppMove) (Reverted, error) {
	org, err := a.org(move.Org)
	if err != nil {
		return Reverted{}, err
	}
	now, err := either(ctx, move.Want.ID, org.GetApp, func() (*okta.App, error) {
		return a.findApp(ctx, org, move.Want.ClientID, move.Lost)
	})
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	switch {
	case now == nil && move.Have == nil:
		return Reverted{}, nil
	case now == nil:
		return gone(connection.ResourceApp, move.Have.Label), nil
	case move.Have == nil && now.ClientID != move.Want.ClientID:
		return Reverted{}, nil // never delete what this connection didn't make
	case move.Have == nil:
		return Reverted{}, fail(ctx, deleteApp(ctx, org, now), undoing)
	default:
		back, left := planner.PutAppBack(*move.Have, move.Want, now.App)
		return Reverted{Left: left}, fail(ctx, updateApp(ctx, org, now.App, back), undoing)
	}
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
