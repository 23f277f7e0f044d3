package workflows

import (
	"cmp"
	"errors"
	"strconv"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// mover is a move that makes or changes one thing.
type mover interface {
	doubtful
	// Identify notes what the provider gave the thing.
	Identify(made activities.Made)
}

// doubtful is an input that knows of answers that were lost.
type doubtful interface{ Doubt() *activities.Uncertain }

// bring makes or changes one thing, if it isn't as declared, and notes beforehand how that is undone.
func bring[Move any, At interface {
	*Move
	mover
}](ctx workflow.Context, r *run, id, thing string, change connection.Change, do activityOf[Move, activities.Made], revert activityOf[Move, activities.Reverted], move At) (activities.Made, error) {
	title, back, moves := titles(change, thing)
	if !moves {
		return activities.Made{}, nil
	}
	if r.tooLate(ctx) {
		return activities.Made{}, ctx.Err()
	}
	if wasReset(ctx) {
		move.Doubt().MarkLost()
	}
	input := func() Move { return *move }
	undoable(r, id, back, revert, input)
	made, err := step(ctx, r, id, title, do, input, move.Doubt())
	move.Identify(made)
	r.note(id, "%s", made.ID)
	return made, err
}

// tooLate reports whether a run was cancelled before a step began, so that there is nothing to undo of it. One that was reset may
// have done it before.
func (r *run) tooLate(ctx workflow.Context) bool {
	return r.fence.Run != "" && ctx.Err() != nil && !wasReset(ctx)
}

// wasReset reports whether somebody reset the run in Temporal: what it did before that, after the point that it was reset to, it doesn't
// know of, and may have made things already.
func wasReset(ctx workflow.Context) bool {
	return originalRun(ctx) != workflow.GetInfo(ctx).WorkflowExecution.RunID
}

// originalRun is the run's ID, the one that a reset keeps.
func originalRun(ctx workflow.Context) string {
	info := workflow.GetInfo(ctx)
	return cmp.Or(info.OriginalRunID, info.WorkflowExecution.RunID)
}

// transition is a step that another one takes back.
type transition[In any] struct {
	id, title string
	activity  activityOf[In, activities.Reverted]
}

// toggle carries out the one that makes something or the one that takes it away, and notes the other as its undoing with its own
// input, unless that is nil because the undoing comes about with what the run made before.
func toggle[In any, At interface {
	*In
	doubtful
}](ctx workflow.Context, r *run, on, off transition[In], action connection.Action, input In, undo At) error {
	if r.tooLate(ctx) {
		return ctx.Err()
	}
	forward, back := on, off
	if action == connection.ActionDelete {
		forward, back = off, on
	}
	var doubts []*activities.Uncertain
	if undo != nil {
		doubts = append(doubts, undo.Doubt())
		undoable(r, forward.id, back.title, back.activity, func() In { return *undo })
	}
	_, err := step(ctx, r, forward.id, forward.title, forward.activity, fixed(input), doubts...)
	return err
}

// attachmentOf is an application's use of the policy: it goes to the end for a new one, back to where it was for one that is taken
// away. People sign in to it through the identity provider as long as it uses the policy.
func attachmentOf(fence activities.Fence, spec connection.Spec, have planner.State, applicationID, policyID, identityProviderID string, action connection.Action) activities.Attachment {
	attachment := activities.Attachment{
		Fence: fence, Account: spec.Cloudflare.Account, ApplicationID: applicationID, PolicyID: policyID, Place: planner.AtTheEnd,
		SignIn: planner.SignInMoveOf(spec, have, applicationID, identityProviderID, action != connection.ActionDelete),
	}
	for _, application := range have.Applications {
		if application.ID != applicationID {
			continue
		}
		attachment.Application = application.Domain
		if action == connection.ActionDelete {
			attachment.Place = application.Place
			if !application.UsesPolicy {
				attachment.PolicyID = "" // someone detached it: only the sign-in is taken back
			}
		}
	}
	return attachment
}

// attachedBefore undoes an attachment. One that only changed the sign-in leaves the policy attached.
func attachedBefore(attachment activities.Attachment, action connection.Action) *activities.Attachment {
	attachment.Undo = true
	if attachment.SignIn != nil {
		attachment.SignIn = new(attachment.SignIn.Back())
	}
	if action == connection.ActionUpdate {
		attachment.PolicyID = ""
	}
	return &attachment
}

// titles say in plain words what a change does and what undoes it, and whether there is anything to do.
func titles(change connection.Change, thing string) (title, back string, moves bool) {
	switch change.Action {
	case connection.ActionCreate:
		return "Create " + thing, "Delete " + thing, true
	case connection.ActionUpdate:
		return "Update " + thing, "Put " + thing + " back", true
	default:
		return "", "", false
	}
}

func quoted(text string) string { return strconv.Quote(text) }

// failedStep is the ID of the step that the cause is of, for the run's account of itself: of steps that ran at the same time,
// another may have failed too, and later.
func (r *run) failedStep(cause error) string {
	var failed *temporal.ActivityError
	if errors.As(cause, &failed) {
		return failed.ActivityID()
	}
	for i := len(r.progress.Steps) - 1; i >= 0; i-- {
		if r.progress.Steps[i].Status == connection.StepFailed {
			return r.progress.Steps[i].ID
		}
	}
	return ""
}
