package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// okta and cloudflare are the servers that faults are injected into.
func (b *bench) okta() *kit.Server       { return b.Sandbox.Orgs["acme"].Server }
func (b *bench) cloudflare() *kit.Server { return b.Sandbox.API.Server }

// The calls of a clean run that something can happen to.
const (
	appsPath              = "/api/v1/apps?activate=true"
	claimPath             = "*/settings/oauth/idToken"
	assignmentPath        = "/api/v1/apps/*/groups/*"
	secretsPath           = "*/credentials/secrets"
	identityProvidersPath = "*/access/identity_providers"
	policiesPath          = "*/access/policies"
	introspectPath        = "/oauth2/v1/introspect"
)

func TestConnect_StepRefused_LeavesBothSidesAsBefore(t *testing.T) {
	for name, test := range map[string]struct {
		side  func(*bench) *kit.Server
		fault kit.Fault
		step  string
	}{
		"app":             {(*bench).okta, kit.Fault{Method: "POST", Path: appsPath, Status: 403}, "CreateOktaApp"},
		"claim":           {(*bench).okta, kit.Fault{Method: "POST", Path: claimPath, Status: 403}, "SetGroupsClaim"},
		"credentials":     {(*bench).okta, kit.Fault{Method: "GET", Path: secretsPath, Status: 403}, "ReadClientCredentials"},
		"registration":    {(*bench).cloudflare, kit.Fault{Method: "POST", Path: identityProvidersPath, Status: 403}, "RegisterIdentityProvider"},
		"an assignment":   {(*bench).okta, kit.Fault{Method: "PUT", Path: assignmentPath, Skip: 1, Status: 403}, "AssignGroup"},
		"policy":          {(*bench).cloudflare, kit.Fault{Method: "POST", Path: policiesPath, Status: 403}, "CreateAccessPolicy"},
		"the test":        {(*bench).okta, kit.Fault{Method: "POST", Path: introspectPath, Status: 401}, "TestConnection"},
		"gone right away": {(*bench).okta, kit.Fault{Method: "PUT", Path: assignmentPath, Status: 404}, "AssignGroup"},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			test.fault.Kind = kit.KindStatus
			test.side(b).Inject(test.fault)
			result := b.failure(b.start(connection.ConnectWorkflow, b.spec()), connection.ErrorRolledBack)
			if !strings.HasPrefix(result.Failure.Step, test.step) {
				t.Errorf("the failure is told of %q, want %q", result.Failure.Step, test.step)
			}
			if result.State != connection.RunRolledBack || len(result.Left) != 0 {
				t.Errorf("state %s, left %v", result.State, result.Left)
			}
			b.unchanged(before)
		})
	}
}

func TestConnect_UpdateRefused_PutsTheEarlierSettingsBack(t *testing.T) {
	b := setUp(t, nil)
	spec := b.spec()
	spec.Policy.Applications = []string{"wiki.acme.example"}
	b.connect(spec)
	before := b.state()
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	spec.Okta.AppLabel, spec.Okta.GroupsClaim.Value = "Access", "Eng.*"
	spec.Okta.AssignGroups = []string{"Engineering", "Sales"}
	spec.Cloudflare.IDPName, spec.Cloudflare.PKCE = "Sign in", new(false)
	spec.Policy.Name, spec.Policy.Allow.Emails = "Staff", []string{"carol@acme.example"}
	spec.Policy.Applications = []string{"dashboard.acme.example"}
	result := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack)
	if len(result.Left) != 0 {
		t.Errorf("left %v", result.Left)
	}
	b.unchanged(before)
}

func TestConnect_ATwinTurnsUpLate_ARollbackDeletesItAndNoOther(t *testing.T) {
	b := setUp(t, nil)
	api, account := b.Sandbox.API.API, b.Sandbox.Accounts["acme"].ID
	first := b.connect(b.spec())
	api.DeleteIdentityProvider(account, first.IdentityProviderID)
	// Nobody knows what came of the first request.
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindDropBefore, Count: 1})
	// Until what a request made that was given up on turns up, the policy is tried; the test of the connection then finds the twin.
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: policiesPath + "/*", Kind: kit.KindStatus, Status: 503})
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.eventually("the policy is tried", func() bool { return stepOf(b.progress(run), "CreateAccessPolicy").Attempt > 1 })
	like := func(name string) {
		api.AddIdentityProvider(account, cloudflare.IdentityProvider{Name: name, Type: "okta", Config: map[string]any{
			"client_id": first.ClientID, "client_secret": b.secretOf(first.AppID), "okta_account": b.Sandbox.Orgs["acme"].URL, "pkce_enabled": true,
		}})
	}
	like("Okta")
	like("Theirs")
	b.cloudflare().ClearFaults()
	result := b.failure(run, connection.ErrorRolledBack)
	if want := "there is another identity provider with client id"; !strings.Contains(result.Failure.Message, want) {
		t.Errorf("the failure doesn't say %q: %s", want, result.Failure.Message)
	}
	var left []string
	for _, each := range api.IdentityProviders(account) {
		if each["config"].(map[string]any)["client_id"] == first.ClientID {
			left = append(left, each["name"].(string))
		}
	}
	if diff := cmp.Diff([]string{"Theirs"}, left); diff != "" {
		t.Errorf("identity providers of the client that are left (-want +got):\n%s", diff)
	}
}

func TestConnect_LostAnswers_MakesEachThingOnce(t *testing.T) {
	for _, kind := range []string{kit.KindDropAfter, kit.KindDropBefore, kit.KindGarbage} {
		t.Run(kind, func(t *testing.T) {
			b := setUp(t, nil)
			fault := kit.Fault{Method: "POST", Kind: kind, Count: 1}
			for path, side := range map[string]*kit.Server{appsPath: b.okta(), identityProvidersPath: b.cloudflare(), policiesPath: b.cloudflare()} {
				fault.Path = path
				side.Inject(fault)
			}
			b.connect(b.spec())
			if got, want := b.counts(), (counts{1, 1, 1}); got != want {
				t.Errorf("both sides hold %+v, want %+v", got, want)
			}
		})
	}
}

func TestConnect_WorkerKilledInAStep_CompletesWithoutTwins(t *testing.T) {
	for name, test := range map[string]struct {
		side func(*bench) *kit.Server
		path string
	}{
		"creating the app":             {(*bench).okta, appsPath},
		"registering":                  {(*bench).cloudflare, identityProvidersPath},
		"creating the policy":          {(*bench).cloudflare, policiesPath},
		"setting the claim":            {(*bench).okta, claimPath},
		"checking the client's secret": {(*bench).okta, introspectPath},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			// The request is carried out; the answer waits until long after the worker is gone.
			test.side(b).Inject(kit.Fault{Method: "POST", Path: test.path, Kind: kit.KindDelayAfter, Count: 1, Delay: kit.Duration(time.Minute)})
			run := b.start(connection.ConnectWorkflow, b.spec())
			b.eventually("the request is under way", func() bool { return len(test.side(b).Faults()) == 0 })
			if err := b.Worker.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := b.StartWorker(b.ctx); err != nil {
				t.Fatal(err)
			}
			b.result(run)
			if got, want := b.counts(), (counts{1, 1, 1}); got != want {
				t.Errorf("both sides hold %+v, want %+v", got, want)
			}
		})
	}
}

func TestConnect_Cancelled_LeavesBothSidesAsBefore(t *testing.T) {
	for name, test := range map[string]struct {
		side func(*bench) *kit.Server
		path string
		kind string
	}{
		"after the app was created":     {(*bench).cloudflare, identityProvidersPath, kit.KindDelay},
		"while the app is created":      {(*bench).okta, appsPath, kit.KindDelayAfter},
		"while the provider is created": {(*bench).cloudflare, identityProvidersPath, kit.KindDelayAfter},
		"while the policy is created":   {(*bench).cloudflare, policiesPath, kit.KindDelayAfter},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			test.side(b).Inject(kit.Fault{Method: "POST", Path: test.path, Kind: test.kind, Count: 1, Delay: kit.Duration(time.Minute)})
			run := b.start(connection.ConnectWorkflow, b.spec())
			b.eventually("the request is under way", func() bool { return len(test.side(b).Faults()) == 0 })
			b.cancel(run)
			b.unchanged(before)
		})
	}
}

// cancel cancels a run and waits until it has ended as cancelled.
func (b *bench) cancel(run client.WorkflowRun) {
	b.t.Helper()
	if err := b.Client.CancelWorkflow(b.ctx, run.GetID(), run.GetRunID()); err != nil {
		b.t.Fatal(err)
	}
	var cancelled *temporal.CanceledError
	if err := run.Get(b.ctx, nil); !errors.As(err, &cancelled) {
		b.t.Fatalf("the run ended with %v, not as cancelled", err)
	}
	var result connection.Result
	if err := cancelled.Details(&result); err != nil || result.State != connection.RunCancelled {
		b.t.Errorf("the cancelled run tells of state %q: %v", result.State, err)
	}
	b.record(run)
}

func TestConnect_PastItsTimeBudget_RollsBack(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindStatus, Status: 503})
	spec := b.spec()
	spec.TimeBudget = connection.Duration(10 * time.Second)
	result := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack)
	if !strings.Contains(result.Failure.Message, "503") {
		t.Errorf("the failure doesn't tell of the last answer: %s", result.Failure.Message)
	}
	b.unchanged(before)
}

func TestRollback_OutageDuringUndo_GoesOnUntilItIsDone(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindStatus, Status: 403})
	b.cloudflare().Inject(kit.Fault{Method: "DELETE", Path: "*", Kind: kit.KindStatus, Status: 503, Count: 4})
	b.okta().Inject(kit.Fault{Method: "DELETE", Path: "*", Kind: kit.KindStatus, Status: 500, Count: 3})
	b.okta().Inject(kit.Fault{Method: "POST", Path: "*/lifecycle/deactivate", Kind: kit.KindDropAfter, Count: 1})
	b.failure(b.start(connection.ConnectWorkflow, b.spec()), connection.ErrorRolledBack)
	b.unchanged(before)
}

// TestRollback_TokenRevoked_WaitsForAPersonAndResumes does what the run's advice says: in the file that the configuration names, or in the
// configuration itself.
func TestRollback_TokenRevoked_WaitsForAPersonAndResumes(t *testing.T) {
	const another = "00-another-token"
	t.Run("the configuration holds it", func(t *testing.T) {
		tokenRevoked(t, another, "put a new one into okta.orgs.acme.api_token of the worker's configuration", func(*bench) {}, func(b *bench) { b.Set("okta.orgs.acme.api_token", another); b.restartWorker() })
	})
	t.Run("it is in a file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "token")
		write := func(b *bench, token string) {
			if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
				b.t.Fatal(err)
			}
		}
		tokenRevoked(t, another, "put a new one into the file that okta.orgs.acme.api_token_file names", func(b *bench) {
			write(b, b.Sandbox.Orgs["acme"].Token)
			b.Set("okta.orgs.acme", map[string]any{"url": b.Sandbox.Orgs["acme"].URL, "api_token_file": file})
			b.restartWorker()
		}, func(b *bench) { write(b, another) })
	})
}

func tokenRevoked(t *testing.T, another, advice string, configure, replace func(*bench)) {
	b := setUp(t, nil)
	configure(b)
	before := b.state()
	org := b.Sandbox.Orgs["acme"]
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindStatus, Status: 403})
	b.okta().Inject(kit.Fault{Method: "POST", Path: "*/lifecycle/deactivate", Kind: kit.KindStatus, Status: 401})
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.inState(run, connection.RunNeedsOperator)
	needs := b.progress(run).Needs
	if needs.Provider != "okta" || needs.RequestID == "" || !strings.Contains(needs.Advice, advice) || !strings.Contains(needs.Message, "401") {
		t.Errorf("the run doesn't say what it needs: %+v", needs)
	}
	b.okta().ClearFaults()
	org.Org.AddToken(another)
	org.Org.RevokeToken(org.Token)
	replace(b)
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.failure(run, connection.ErrorRolledBack)
	b.unchanged(before)
	if err := b.Client.SignalWorkflow(b.ctx, run.GetID(), run.GetRunID(), "resume", nil); err == nil {
		t.Error("the run is still open")
	}
}

// update sends a run an update without arguments, as an operator does.
func (b *bench) update(run client.WorkflowRun, name string) error {
	handle, err := b.Client.UpdateWorkflow(b.ctx, client.UpdateWorkflowOptions{
		WorkflowID: run.GetID(), RunID: run.GetRunID(), UpdateName: name, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return err
	}
	return handle.Get(b.ctx, nil)
}

func TestResume_RunThatWaitsForNobody_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindDelay, Delay: kit.Duration(time.Minute)})
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.eventually("the policy is being created", func() bool {
		steps := b.progress(run).Steps
		return steps[len(steps)-1].ID == "CreateAccessPolicy"
	})
	if err := b.update(run, connection.ResumeUpdate); err == nil || !strings.Contains(err.Error(), "not waiting for a person") {
		t.Errorf("resume was answered with %v", err)
	}
	b.cancel(run)
}

func TestRollback_SomebodyChangedThingsMeanwhile_LeavesThemAndSaysSo(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.spec())
	org, account := b.Sandbox.Orgs["acme"].Org, b.Sandbox.Accounts["acme"]
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindDelay, Delay: kit.Duration(time.Minute), Count: 1})
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	edited := b.spec()
	edited.Okta.AppLabel, edited.Cloudflare.IDPName = "Access", "Sign in"
	run := b.start(connection.ConnectWorkflow, edited)
	b.eventually("the run tests the connection, and has written its memory", func() bool {
		return len(b.okta().Faults()) == 1 && stepOf(b.progress(run), "WriteMemory").Status == connection.StepDone
	})
	if err := org.RenameApp(org.AppIDs("Access")[0], "Renamed by hand"); err != nil {
		t.Fatal(err)
	}
	result := b.failure(run, connection.ErrorRolledBack)
	if len(result.Left) != 1 || !strings.Contains(result.Left[0], "the label of Okta app \"Renamed by hand\"") {
		t.Errorf("left: %q", result.Left)
	}
	if len(org.AppIDs("Renamed by hand")) != 1 {
		t.Error("the label that somebody gave by hand was overwritten")
	}
	for _, each := range b.Sandbox.API.API.IdentityProviders(account.ID) {
		if each["name"] == "Sign in" {
			t.Error("the identity provider kept the name that the run gave it")
		}
	}
}

func TestRollback_EmptyLists_LeaveNothingOfThisRunAndTakeNothingElse(t *testing.T) {
	const empty = `{"success":true,"errors":[],"messages":[],"result":[]}`
	for name, test := range map[string]struct {
		connected bool
		list      kit.Fault
	}{
		"login methods, once it is made": {false, kit.Fault{Path: identityProvidersPath + "*", Skip: 1}},
		"policies, once it is made":      {false, kit.Fault{Path: policiesPath + "*", Skip: 1}},
		"login methods, in the survey":   {true, kit.Fault{Path: identityProvidersPath + "*", Count: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			if test.connected {
				b.connect(b.spec())
				before = b.state()
			}
			test.list.Method, test.list.Kind, test.list.Status, test.list.Body = "GET", kit.KindStatus, 200, empty
			b.cloudflare().Inject(test.list)
			b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
			b.failure(b.start(connection.ConnectWorkflow, b.spec()), connection.ErrorRolledBack)
			b.unchanged(before)
		})
	}
}
