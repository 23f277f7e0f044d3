package codec_test

import (
	"testing"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
)

// TestForWorker_Required_TakesEncryptedPayloadsAlone: in an activity by an error, in a workflow by a panic as for a missing key, but for
// the signal that a step sends, which must not hold the run.
func TestForWorker_Required_TakesEncryptedPayloadsAlone(t *testing.T) {
	t.Parallel()
	own := newCodec(t, key("new", 'n'))
	plain, err := converter.GetDefaultDataConverter().ToPayloads(connection.Retry{Step: "forged"})
	encrypted, failed := own.ForClient().Data.ToPayloads(connection.Retry{Step: "own"})
	if err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	for required, ofActivity := range map[bool]converter.DataConverter{false: own.ForWorker(false).Data, true: own.ForWorker(true).Data} {
		ofWorkflow := ofActivity.(workflow.ContextAware).WithWorkflowContext(nil)
		for name, data := range map[string]converter.DataConverter{"an activity": ofActivity, "a workflow": ofWorkflow} {
			var signal connection.Retry
			if err := data.FromPayloads(encrypted, &signal); err != nil || signal.Step != "own" {
				t.Errorf("required %v: %s reads %+v: %v", required, name, signal, err)
			}
			if err := data.FromPayloads(plain, &signal); codec.Plain(err) != required || err == nil == required {
				t.Errorf("required %v: %s reads a plain signal: %v", required, name, err)
			}
			var spec connection.Spec
			if got := raised(func() error { return data.FromPayloads(plain, &spec) }); codec.Plain(got) != required || codec.Unreadable(got) != required {
				t.Errorf("required %v: %s reads a plain input: %v", required, name, got)
			}
			if got := raised(func() error { return data.FromPayload(plain.GetPayloads()[0], &spec) }); codec.Plain(got) != required {
				t.Errorf("required %v: %s reads a plain payload: %v", required, name, got)
			}
		}
	}
}

// raised is the error that a function returns or panics with.
func raised(read func() error) (err error) {
	defer func() {
		if told, is := recover().(error); is {
			err = told
		}
	}()
	return read()
}
