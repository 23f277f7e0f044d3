package e2e

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/contract"
)

// schemas are those of the contract with callers.
var schemas = sync.OnceValues(func() (contract.Schemas, error) { return contract.Load("../docs/contract.schema.json") })

// message reads a message of a run, and fails the test when it is not as the contract says.
func message[T any](b *bench, get func(any) error) (read T, err error) {
	b.t.Helper()
	var words json.RawMessage
	if err := get(&words); err != nil {
		return read, err
	}
	known, err := schemas()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := known.Check(reflect.TypeFor[T]().Name(), words); err != nil {
		b.t.Error(err)
	}
	return read, json.Unmarshal(words, &read)
}

// offered is what Temporal's own query tells of a run: the names of its queries, signals and updates, by kind.
func (b *bench) offered(run client.WorkflowRun) map[string][]string {
	b.t.Helper()
	answer, err := b.Client.QueryWorkflow(b.ctx, run.GetID(), run.GetRunID(), "__temporal_workflow_metadata")
	if err != nil {
		b.t.Fatal(err)
	}
	var metadata sdkpb.WorkflowMetadata
	if err := answer.Get(&metadata); err != nil {
		b.t.Fatal(err)
	}
	names := func(definitions []*sdkpb.WorkflowInteractionDefinition) (names []string) {
		for _, definition := range definitions {
			if !strings.HasPrefix(definition.GetName(), "__") { // those are Temporal's
				names = append(names, definition.GetName())
			}
		}
		return names
	}
	definition := metadata.GetDefinition()
	return map[string][]string{
		"query": names(definition.GetQueryDefinitions()), "signal": names(definition.GetSignalDefinitions()), "update": names(definition.GetUpdateDefinitions()),
	}
}

func TestContract_NamesWhatAWorkerOffers(t *testing.T) {
	b := setUp(t, nil)
	page, err := contract.ReadPage("../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.result(run)
	named := map[string][]string{"query": page.OfKind("query"), "signal": page.OfKind("signal"), "update": page.OfKind("update")}
	if diff := cmp.Diff(b.offered(run), named, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("docs/contract.md names others than the worker offers (-offered +named):\n%s", diff)
	}
	types := page.Column("workflow type", "workflow type")
	advice := b.failure(b.startAs(b.name, "Nonesuch", b.spec()), connection.ErrorRefused).Failure.Advice
	if want := "start " + strings.Join(types[:len(types)-1], ", ") + " or " + types[len(types)-1] + ";"; !strings.HasPrefix(advice, want) {
		t.Errorf("the worker says %q; docs/contract.md has the workflow types %v", advice, types)
	}
}
