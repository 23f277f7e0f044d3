package workflows

import (
	"encoding/json"
	"fmt"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/document"
)

// Register makes a worker carry out the workflows and the steps. The workflows are registered as one that is told its type and reads
// its input itself: by their names alone, Temporal's SDK would try a run of an unknown type, or with an input that can't be decrypted,
// again for ever.
func Register(registry worker.Registry, workflows *Workflows, steps *activities.Activities) {
	registry.RegisterDynamicWorkflow(workflows.carryOut, workflow.DynamicRegisterOptions{})
	registry.RegisterActivity(steps)
}

// carryOut carries out the workflow that a run is of.
func (w *Workflows) carryOut(ctx workflow.Context, input converter.EncodedValues) (any, error) {
	var carry func(workflow.Context, connection.Spec) (any, error)
	switch kind := workflow.GetInfo(ctx).WorkflowType.Name; kind {
	case connection.ConnectWorkflow:
		carry = func(ctx workflow.Context, spec connection.Spec) (any, error) { return w.Connect(ctx, spec) }
	case connection.DisconnectWorkflow:
		carry = func(ctx workflow.Context, spec connection.Spec) (any, error) { return w.Disconnect(ctx, spec) }
	case connection.InventoryWorkflow:
		return w.takeInventory(ctx, input)
	case turnWorkflow:
		return nil, holdTurn(ctx)
	case connection.PlanWorkflow:
		carry = func(ctx workflow.Context, spec connection.Spec) (any, error) { return w.Plan(ctx, spec) }
	default:
		return nil, cantBegin(ctx, connection.Failure{
			Step:    "the workflow type",
			Message: fmt.Sprintf("there is no workflow type %q", kind),
			Advice: fmt.Sprintf("start %s, %s, %s or %s; a newer version of accessbridge may have others",
				connection.ConnectWorkflow, connection.DisconnectWorkflow, connection.PlanWorkflow, connection.InventoryWorkflow),
		})
	}
	var spec connection.Spec
	if err := decode(input, &spec); err != nil {
		return nil, cantBegin(ctx, unreadable(err))
	}
	if failure := misread(ctx, input); failure != nil {
		return nil, cantBegin(ctx, *failure)
	}
	return carry(ctx, spec)
}

// misread says what the decoder passed over in a document, nil where that is nothing. A key that it doesn't know would get its default
// instead: whom the misspelt `policy.alow` lets in, nobody asked for. Runs of earlier versions go on as they began.
func misread(ctx workflow.Context, input converter.EncodedValues) *connection.Failure {
	faults := passedOver[connection.Spec](input)
	if len(faults) == 0 || workflow.GetVersion(ctx, "strict input", workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return nil
	}
	return &connection.Failure{
		Step: "the document", Message: (&connection.Faults{Faults: faults}).Error(),
		Advice: "correct the document, then start the run again; a key that this worker doesn't know may be of a newer version of accessbridge: upgrade the worker",
	}
}

// passedOver are the keys of an input that the decoder of its type passes over.
func passedOver[T any](input converter.EncodedValues) []connection.Fault {
	var words json.RawMessage
	if decode(input, &words) != nil {
		return nil // a payload of another form than JSON, which has no keys of its own
	}
	faults, err := document.StrictOf[T](words)
	if err != nil {
		return nil
	}
	return faults
}

// decode reads a run's input. Of what can't be decrypted the worker's converter says so by a panic, which would hold the run.
func decode(input converter.EncodedValues, into any) (err error) {
	defer func() {
		switch raised := recover().(type) {
		case nil:
		case error:
			if !codec.Unreadable(raised) {
				panic(raised)
			}
			err = raised
		default:
			panic(raised)
		}
	}()
	return input.Get(into)
}

// unreadable says why a run's input isn't a document.
func unreadable(err error) connection.Failure {
	if codec.Plain(err) {
		return notEncrypted("the document")
	}
	if codec.Unreadable(err) {
		return connection.Failure{
			Step: "the document", Message: "the document can't be decrypted: " + err.Error(), Advice: "give the worker the key, then start the run again",
		}
	}
	return connection.Failure{
		Step: "the document", Message: "the input is not a connection document: " + err.Error(),
		Advice: "start the run again with a connection document, as JSON, as its only input",
	}
}

// notEncrypted says what to do about an input that isn't encrypted, where the worker takes no other.
func notEncrypted(input string) connection.Failure {
	return connection.Failure{
		Step: input, Message: input + " isn't encrypted, and this worker takes encrypted input alone (encryption.required)",
		Advice: "start the run again with an encryption key that the worker has: starter takes it by --encryption-key-file, any other client by the payload codec (docs/encryption.md)",
	}
}

// cantBegin ends a run that can't begin. One that has begun is held instead, until a worker can carry it on: this one lacks a key, or is
// of another version, and the run may have made things that an end would leave behind. So may have one that was reset.
func cantBegin(ctx workflow.Context, failure connection.Failure) error {
	if workflow.IsReplaying(ctx) || wasReset(ctx) {
		panic(fmt.Sprintf("this worker can't carry on the run: %s; %s", failure.Message, failure.Advice))
	}
	info := workflow.GetInfo(ctx)
	var r run
	r.progress.Connection, r.progress.Operation = connection.NameFromWorkflowID(info.WorkflowExecution.ID), info.WorkflowType.Name
	r.result.Connection, r.result.Operation, r.result.Changes = r.progress.Connection, r.progress.Operation, []connection.Change{}
	return r.refused(ctx, failure)
}
