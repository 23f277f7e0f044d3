package e2e

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// creates are the calls that make something, each with its side.
var creates = map[string]struct {
	side func(*bench) *kit.Server
	path string
	step string
}{
	"app":               {(*bench).okta, appsPath, "CreateOktaApp"},
	"identity provider": {(*bench).cloudflare, identityProvidersPath, "RegisterIdentityProvider"},
	"policy":            {(*bench).cloudflare, policiesPath, "CreateAccessPolicy"},
}

// settle waits until nothing is carried out late any more.
func (b *bench) settle() {
	b.t.Helper()
	for _, side := range []*kit.Server{b.okta(), b.cloudflare()} {
		if err := side.Settle(b.ctx); err != nil {
			b.t.Fatal(err)
		}
	}
}

// once fails the test when a connection consists of something twice, or lacks something.
func (b *bench) once() {
	b.t.Helper()
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		b.t.Errorf("both sides hold %+v, want %+v", got, want)
	}
}

func TestConnect_CancelledDuringASlowCreate_LeavesBothSidesAsBefore(t *testing.T) {
	for name, create := range creates {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			create.side(b).Inject(kit.Fault{Method: http.MethodPost, Path: create.path, Kind: kit.KindLate, Delay: kit.Duration(time.Second), Count: 1})
			run := b.start(connection.ConnectWorkflow, b.spec())
			b.eventually("the create is under way", func() bool { return create.side(b).Pending() == 1 })
			b.cancel(run)
			var cancelled *temporal.CanceledError
			if err := run.Get(b.ctx, nil); !errors.As(err, &cancelled) {
				t.Errorf("the run ended with %v", err)
			}
			b.settle()
			b.unchanged(before)
		})
	}
}

func TestConnect_AnswerComesAfterTheTimeOut_MakesEachThingOnce(t *testing.T) {
	for name, create := range creates {
		for how, fault := range map[string]kit.Fault{
			"slower than the time-out":  {Delay: kit.Duration(2200 * time.Millisecond)},
			"cut, and carried out late": {Delay: kit.Duration(1500 * time.Millisecond), Cut: true},
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				b := setUp(t, nil)
				fault.Method, fault.Path, fault.Kind, fault.Count = http.MethodPost, create.path, kit.KindLate, 1
				create.side(b).Inject(fault)
				b.connect(b.spec())
				b.settle()
				b.once()
				if moves := b.plan(b.spec()).Moves(); len(moves) != 0 {
					t.Errorf("the next run would change %+v", moves)
				}
			})
		}
	}
}

func TestConnect_CancelledAfterALostAnswer_WaitsForWhatMayStillCome(t *testing.T) {
	for name, create := range creates {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			create.side(b).Inject(kit.Fault{Method: http.MethodPost, Path: create.path, Kind: kit.KindLate, Delay: kit.Duration(2 * time.Second), Cut: true, Count: 1})
			run := b.start(connection.ConnectWorkflow, b.spec())
			b.eventually("the answer is lost", func() bool { return stepOf(b.progress(run), create.step).Attempt > 1 })
			b.cancel(run)
			var cancelled *temporal.CanceledError
			if err := run.Get(b.ctx, nil); !errors.As(err, &cancelled) {
				t.Errorf("the run ended with %v", err)
			}
			if create.side(b).Pending() != 0 {
				t.Error("the run ended before the create was carried out")
			}
			b.settle()
			b.unchanged(before)
		})
	}
}

// lists are the paths of lists that can be behind.
var lists = map[string]func(*bench) *kit.Server{
	"*/api/v1/apps": (*bench).okta, "*/api/v1/apps/*/groups": (*bench).okta,
	"*/access/identity_providers": (*bench).cloudflare, "*/access/policies": (*bench).cloudflare, "*/access/apps": (*bench).cloudflare,
}

// lag has every list be behind.
func (b *bench) lag(delay time.Duration) {
	for path, side := range lists {
		side(b).Inject(kit.Fault{Path: path, Kind: kit.KindLag, Delay: kit.Duration(delay)})
	}
}

func TestConnect_ListsAreBehind_ConnectsOnceAndDisconnectsWhole(t *testing.T) {
	for name, delay := range map[string]time.Duration{"a little": 500 * time.Millisecond, "for the whole test": time.Minute} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			spec := b.spec()
			spec.Policy.Applications = []string{"wiki.acme.example"}
			b.lag(delay)
			b.connect(spec)
			if again := actions(b.connect(spec).Changes, connection.ActionUnchanged); len(again) != 0 {
				t.Errorf("the second run changed %v", again)
			}
			b.once()
			edited := spec
			edited.Okta.AssignGroups, edited.Policy.Name, edited.Policy.Applications = []string{"Engineering", "Sales"}, "Staff", nil
			b.connect(edited)
			b.once()
			b.result(b.start(connection.DisconnectWorkflow, edited))
			b.unchanged(before)
		})
	}
}

func TestConnect_TheRunBeforeWasTerminatedDuringACreate_FindsWhatItMade(t *testing.T) {
	for name, create := range creates {
		for operation, ends := range map[string]counts{connection.ConnectWorkflow: {1, 1, 1}, connection.DisconnectWorkflow: {}} {
			t.Run(name+" then "+operation, func(t *testing.T) {
				b := setUp(t, nil)
				create.side(b).Inject(kit.Fault{Method: http.MethodPost, Path: create.path, Kind: kit.KindLate, Delay: kit.Duration(1500 * time.Millisecond), Count: 1})
				run := b.start(connection.ConnectWorkflow, b.spec())
				b.eventually("the create is under way", func() bool { return create.side(b).Pending() == 1 })
				b.terminate(run)
				b.result(b.start(operation, b.spec()))
				b.settle()
				if got := b.counts(); got != ends {
					t.Errorf("both sides hold %+v, want %+v", got, ends)
				}
			})
		}
	}
}

// byHandAfter has someone make a policy for the connection's identity provider right after that was registered.
func (b *bench) byHandAfter(name string) {
	account := b.Sandbox.Accounts["acme"].ID
	b.cloudflare().Inject(kit.Fault{
		Method: http.MethodPost, Path: identityProvidersPath, Kind: kit.KindHand, When: kit.WhenAfter, Count: 1,
		Act: func(*http.Request, *kit.Answer) {
			made := b.Sandbox.API.API.IdentityProviders(account)
			for _, each := range made {
				if each["name"] == "Okta" {
					b.Sandbox.API.API.AddPolicy(account, map[string]any{
						"name": name, "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}},
						"require": []any{map[string]any{"login_method": map[string]any{"id": each["id"]}}},
					})
				}
			}
		},
	})
}

func TestConnect_SomeoneMakesAPolicyMeanwhile_IsNotTakenForOurs(t *testing.T) {
	b := setUp(t, nil)
	b.byHandAfter("Okta staff")
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.inState(run, connection.RunNeedsOperator)
	progress := b.progress(run)
	if progress.Failure == nil || !strings.Contains(progress.Failure.Message, `another Access policy named "Okta staff"`) {
		t.Errorf("the run failed for %+v", progress.Failure)
	}
	if progress.Needs == nil || !strings.Contains(progress.Needs.Message, "others have come to use it since") || !strings.HasPrefix(progress.Needs.Advice, "something still uses it") {
		t.Errorf("the run waits for %+v", progress.Needs)
	}
	for _, policy := range b.Sandbox.API.API.Policies(b.Sandbox.Accounts["acme"].ID) {
		b.Sandbox.API.API.DeletePolicy(b.Sandbox.Accounts["acme"].ID, policy["id"].(string))
	}
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.failure(run, connection.ErrorRolledBack)
	if got := b.counts(); got != (counts{}) {
		t.Errorf("both sides hold %+v", got)
	}
}

func TestDisconnect_SomeoneMakesAnIdentityProviderMeanwhile_IsLeftAndNamed(t *testing.T) {
	b := setUp(t, nil)
	made := b.connect(b.spec())
	account := b.Sandbox.Accounts["acme"].ID
	b.cloudflare().Inject(kit.Fault{
		Method: http.MethodDelete, Path: "*/access/identity_providers/*", Kind: kit.KindHand, When: kit.WhenBefore, Count: 1,
		Act: func(*http.Request, *kit.Answer) {
			b.Sandbox.API.API.AddIdentityProvider(account, cloudflare.IdentityProvider{Name: "Theirs", Type: "okta", Config: map[string]any{
				"client_id": made.ClientID, "client_secret": "their-own", "okta_account": "https://theirs.example",
			}})
		},
	})
	result := b.result(b.start(connection.DisconnectWorkflow, b.spec()))
	if got := b.counts(); got != (counts{IdentityProviders: 1}) {
		t.Errorf("both sides hold %+v, want their identity provider alone", got)
	}
	if len(result.Left) != 1 || !strings.Contains(result.Left[0], `identity provider "Theirs" (`+b.oktaProvider()+`) was not made by this connection`) {
		t.Errorf("left: %q", result.Left)
	}
}

func TestConnect_SomeoneLoosensThePolicyBeforeTheTest_IsNotConnected(t *testing.T) {
	for name, hand := range map[string]func(*bench){
		"the policy lets everyone in": func(b *bench) {
			account := b.Sandbox.Accounts["acme"].ID
			for _, policy := range b.Sandbox.API.API.Policies(account) {
				b.Sandbox.API.API.EditPolicy(account, policy["id"].(string), func(body map[string]any) {
					body["include"] = []any{map[string]any{"everyone": map[string]any{}}}
				})
			}
		},
		"the claim is narrowed": func(b *bench) {
			org := b.Sandbox.Orgs["acme"].Org
			_ = org.SetGroupsClaim(org.AppIDs("Cloudflare Access")[0], "EQUALS", "Nobody")
		},
		"a group is unassigned": func(b *bench) {
			org := b.Sandbox.Orgs["acme"].Org
			_ = org.UnassignGroup(org.AppIDs("Cloudflare Access")[0], org.GroupID("Engineering"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			b.okta().Inject(kit.Fault{
				Method: http.MethodPost, Path: introspectPath, Kind: kit.KindHand, When: kit.WhenBefore, Count: 1,
				Act: func(*http.Request, *kit.Answer) { hand(b) },
			})
			b.okta().Inject(kit.Fault{Method: http.MethodPost, Path: introspectPath, Kind: kit.KindStatus, Status: 503, Count: 1})
			b.failure(b.start(connection.ConnectWorkflow, b.spec()), connection.ErrorRolledBack)
			b.unchanged(before)
		})
	}
}

// TestConnect_AnotherWorkerIsConfiguredOtherwise_AsksNothing replaces the worker in the middle of a run by one whose org is another: it
// must not touch that.
func TestConnect_AnotherWorkerIsConfiguredOtherwise_AsksNothing(t *testing.T) {
	b := setUp(t, nil)
	other := slices.Sorted(maps.Keys(b.Sandbox.Orgs))
	at := slices.IndexFunc(other, func(name string) bool { return name != "acme" })
	if at < 0 {
		t.Fatal("the sandbox has one org alone")
	}
	b.cloudflare().Inject(kit.Fault{Method: http.MethodPost, Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403, Count: 1})
	spec := b.spec()
	spec.OnFailure = connection.OnFailurePause
	run := b.start(connection.ConnectWorkflow, spec)
	b.inState(run, connection.RunNeedsOperator)
	own := b.Sandbox.Orgs["acme"].URL
	if err := b.Worker.Kill(); err != nil {
		t.Fatal(err)
	}
	elsewhere := b.Sandbox.Orgs[other[at]]
	asked := len(elsewhere.Server.Requests())
	b.Set("okta.orgs.acme.url", elsewhere.URL)
	if err := b.StartWorker(b.ctx); err != nil {
		t.Fatal(err)
	}
	if err := b.update(run, connection.RollbackUpdate); err != nil {
		t.Fatal(err)
	}
	b.eventually("the worker says what is wrong", func() bool {
		return strings.Contains(stepOf(b.progress(run), "undo RegisterIdentityProvider").LastError, "the run surveyed "+own)
	})
	if got := len(elsewhere.Server.Requests()); got != asked {
		t.Errorf("the other org was asked %d times", got-asked)
	}
	if err := b.Worker.Kill(); err != nil {
		t.Fatal(err)
	}
	b.Set("okta.orgs.acme.url", own)
	if err := b.StartWorker(b.ctx); err != nil {
		t.Fatal(err)
	}
	b.failure(run, connection.ErrorRolledBack)
}
