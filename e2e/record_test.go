package e2e

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/encoding/protojson"
)

// histories is the folder that the histories of all runs of the tests are saved in, for `make histories`.
var histories = flag.String("histories", "", "save the history of every run in this `folder`")

// identities are the names of processes and machines in a history; machines name the queues that are one worker's own, too.
var (
	identities = regexp.MustCompile(`"identity":\s*"[^"]*"`)
	machines   = regexp.MustCompile(`"name":\s*"[^":]+:[0-9a-f-]{36}"`)
)

// record saves the history of a run that has ended, under the test's name.
func (b *bench) record(run client.WorkflowRun) {
	b.t.Helper()
	if *histories == "" {
		return
	}
	history := &historypb.History{}
	events := b.Client.GetWorkflowHistory(b.ctx, run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			b.t.Fatal(err)
		}
		history.Events = append(history.Events, event)
	}
	text, err := protojson.Marshal(history)
	if err != nil {
		b.t.Fatal(err)
	}
	text = identities.ReplaceAll(text, []byte(`"identity":""`))
	text = machines.ReplaceAll(text, []byte(`"name":"sticky"`))
	b.recorded++
	name := fmt.Sprintf("%s-%d.json", strings.NewReplacer("Test", "", "/", "-", " ", "_", "'", "").Replace(b.t.Name()), b.recorded)
	if err := os.WriteFile(filepath.Join(*histories, name), text, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
