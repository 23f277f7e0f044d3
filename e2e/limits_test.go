package e2e

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// manyGroups are more than a token may assign in a minute.
var manyGroups = flag.Int("groups", 260, "how many groups TestConnect_MoreGroupsThanALimitLetsThrough assigns beside the two that it always does")

// TestConnect_MoreGroupsThanALimitLetsThrough, at the limits of a Workforce plan with a minute of three seconds. Some of the steps wait
// for longer than the time budget of a step, which counts no wait for a limit, and the run says what it waits for.
func TestConnect_MoreGroupsThanALimitLetsThrough(t *testing.T) {
	const minute = 3 * time.Second
	var names []string
	b := setUp(t, func(options *host.Options) {
		org := &options.Orgs[0]
		org.Limits, org.Minute = nil, minute
		for i := range *manyGroups {
			names = append(names, fmt.Sprintf("Team %04d", i))
			org.Groups = append(org.Groups, okta.Group{Name: names[i]})
		}
	})
	spec := b.spec()
	spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, names...)
	spec.TimeBudget = connection.Duration(connection.MinTimeBudget)
	began := time.Now()
	run := b.start(connection.ConnectWorkflow, spec)
	says := regexp.MustCompile(`^Okta's rate limit for /api/v1/apps: [1-9]\d* of ` + fmt.Sprint(len(spec.Okta.AssignGroups)) + ` groups assigned, about \d+ (s|min) more$`)
	lastAsked := time.Time{}
	b.eventually("the run says which limit it waits for", func() bool {
		if time.Since(lastAsked) < time.Second { // each answer tells of every step
			return false
		}
		lastAsked = time.Now()
		told := b.progress(run)
		if told.State.Ended() {
			t.Fatalf("the run ended %s: %+v", told.State, told.Failure)
		}
		return says.MatchString(told.Waiting)
	})
	result := b.result(run)
	took := time.Since(began)
	if result.State != connection.RunConnected {
		t.Fatalf("the run ended %s: %+v", result.State, result.Failure)
	}
	if took < time.Duration(spec.TimeBudget) {
		t.Errorf("the run took %s, no longer than the time budget of a step: this proves nothing", took)
	}
	if waiting := b.progress(run).Waiting; waiting != "" {
		t.Errorf("at the end the run says that it waits for %s", waiting)
	}
	refused, calls := 0, b.okta().Requests()
	for _, call := range calls {
		if call.Status == 429 {
			refused++
		}
	}
	if refused > len(calls)/4 {
		t.Errorf("Okta refused %d of %d calls", refused, len(calls))
	}
	assigned := b.Sandbox.Orgs["acme"].Org.AssignedGroups(result.AppID)
	if missing := slices.DeleteFunc(names, func(name string) bool { return slices.Contains(assigned, name) }); len(missing) > 0 {
		t.Errorf("%d groups are not assigned: %s…", len(missing), missing[0])
	}
	history, err := b.Client.DescribeWorkflowExecution(b.ctx, run.GetID(), run.GetRunID())
	if err != nil {
		t.Fatal(err)
	}
	info := history.GetWorkflowExecutionInfo()
	t.Logf("%d groups took %s, %d calls to Okta of which it refused %d, %d events of %d bytes", len(spec.Okta.AssignGroups), took.Round(time.Second),
		len(calls), refused, info.GetHistoryLength(), info.GetHistorySizeBytes())
}

// TestConnect_MoreAtOnceThanTheOrgAnswers has an org that refuses whatever comes while two requests are under way: the run waits, and
// asks again.
func TestConnect_MoreAtOnceThanTheOrgAnswers(t *testing.T) {
	b := setUp(t, func(options *host.Options) {
		options.Orgs[0].Concurrent, options.Latency = 2, 100*time.Millisecond
	})
	if result := b.connect(b.spec()); result.State != connection.RunConnected {
		t.Fatalf("the run ended %s: %+v", result.State, result.Failure)
	}
	if !slices.ContainsFunc(b.okta().Requests(), func(call kit.Request) bool { return call.Status == 429 }) {
		t.Error("no request was refused: this proves nothing")
	}
	b.once()
}
