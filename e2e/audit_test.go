package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// auditLine is a line of the audit log.
type auditLine struct {
	Msg, Owner, Connection, Method, Path, Kind, ID, Result, Step string
	Attempt, Status                                              int
	WorkflowID                                                   string `json:"workflow_id"`
	RunID                                                        string `json:"run_id"`
}

// audited reads the audit log of a worker that logs JSON.
func (b *bench) audited() []auditLine {
	b.t.Helper()
	file, err := os.Open(b.WorkerLog())
	if err != nil {
		b.t.Fatal(err)
	}
	defer file.Close()
	var lines []auditLine
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line auditLine
		if json.Unmarshal(scanner.Bytes(), &line) == nil && line.Msg == "audit" {
			lines = append(lines, line)
		}
	}
	if err := scanner.Err(); err != nil {
		b.t.Fatal(err)
	}
	return lines
}

// changesAsked are the requests in the journals that change something, each as the audit log tells it: status 0 is no answer.
func (b *bench) changesAsked() []string {
	b.t.Helper()
	var changes []string
	for owner, provider := range map[string]struct {
		server    *kit.Server
		endpoints *transport.Endpoints
	}{"okta.orgs.acme": {b.okta(), okta.Endpoints}, "cloudflare.accounts.acme": {b.cloudflare(), cloudflare.Endpoints}} {
		for _, request := range provider.server.Requests() {
			path, _, _ := strings.Cut(request.Path, "?")
			if endpoint, _, _ := provider.endpoints.Find(path); endpoint == transport.OtherEndpoint {
				b.t.Errorf("%s %s is no known endpoint", request.Method, path)
			}
			if request.Method != "GET" && path != "/oauth2/v1/introspect" {
				changes = append(changes, fmt.Sprintf("%s %s %s %d", owner, request.Method, path, request.Status))
			}
		}
	}
	slices.Sort(changes)
	return changes
}

// TestAudit_EveryChangeInTheJournals_HasItsLine, and every line its change: of a whole connection, of a lost answer, of a rollback.
func TestAudit_EveryChangeInTheJournals_HasItsLine(t *testing.T) {
	for name, test := range map[string]struct {
		fault *kit.Fault
		on    func(*bench) *kit.Server
		fails bool
		has   string // a result that there is once
	}{
		"as documented": {},
		"a lost answer": {&kit.Fault{Method: "POST", Path: appsPath, Kind: kit.KindDropAfter, Count: 1}, (*bench).okta, false, "unknown"},
		"rolled back":   {&kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindStatus, Status: 403}, (*bench).cloudflare, true, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setUpOn(t, server, map[string]any{"log.format": "json"}, nil)
			if test.fault != nil {
				test.on(b).Inject(*test.fault)
			}
			spec := b.spec()
			spec.Policy.Applications = []string{"wiki.acme.example"}
			run := b.start(connection.ConnectWorkflow, spec)
			if test.fails {
				b.failure(run, connection.ErrorRolledBack)
			} else {
				b.result(run)
			}
			var told []string
			results := map[string]int{}
			for _, line := range b.audited() {
				told = append(told, fmt.Sprintf("%s %s %s %d", line.Owner, line.Method, line.Path, line.Status))
				results[line.Result]++
				if done := line.Status >= 200 && line.Status < 300; done != (line.Result == "done") || done && line.ID == "" {
					t.Errorf("the line doesn't say what was changed: %+v", line)
				}
				if line.Connection != b.name || line.WorkflowID != run.GetID() || line.RunID != run.GetRunID() || line.Step == "" || line.Attempt < 1 || line.Kind == "" {
					t.Errorf("the line doesn't say whose change it is: %+v", line)
				}
			}
			slices.Sort(told)
			if diff := cmp.Diff(b.changesAsked(), told); diff != "" {
				t.Errorf("changes (-in the journals +in the audit log):\n%s", diff)
			}
			if test.has != "" && results[test.has] != 1 {
				t.Errorf("the results are %v, want one %s", results, test.has)
			}
		})
	}
}
