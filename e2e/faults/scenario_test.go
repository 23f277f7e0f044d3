package faults

import (
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// scenario is a run that is broken at each of its calls.
type scenario struct {
	name     string
	workflow string
	// existing tells that the connection is there before the run; edited that the document says otherwise since.
	existing, edited bool
	// disconnected means that the connection was taken away again before the run.
	disconnected bool
	// onlyLists means that the run is broken by what lists show alone: its calls are those of another.
	onlyLists bool
	// adopts tells that somebody made the app, the login method and the policy by hand, and the connection takes them over.
	adopts bool
	// pauses tells that the run waits where a step fails for good; pauseTimeout for how long, where not for its default.
	pauses       bool
	pauseTimeout time.Duration
	// whilePaused happens the first time that it waits, before somebody says resume to it.
	whilePaused deed
	// afterPause is how it ends when it had to wait.
	afterPause connection.RunState
	// refused is what makes the run roll back; then it is broken at the calls of the rollback.
	refused  *kit.Fault
	provider string
	// good is how it ends when nothing breaks, or what breaks mends.
	good connection.RunState
}

// The providers, as faults and journals are asked for.
const (
	okta       = "okta"
	cloudflare = "cloudflare"
	// temporalItself is where the cases are that are about no call.
	temporalItself = "temporal"
)

var scenarios = []scenario{
	{name: "connect", workflow: connection.ConnectWorkflow, good: connection.RunConnected},
	{
		name: "rollback, registration refused", workflow: connection.ConnectWorkflow, good: connection.RunRolledBack,
		provider: cloudflare, refused: &kit.Fault{Method: "POST", Path: "*/access/identity_providers", Kind: kit.KindStatus, Status: 403, Count: 1},
	},
	{
		name: "rollback, attachment refused", workflow: connection.ConnectWorkflow, good: connection.RunRolledBack,
		provider: cloudflare, refused: &kit.Fault{Method: "PUT", Path: "*/access/apps/*", Kind: kit.KindStatus, Status: 403, Count: 1},
	},
	{name: "update", workflow: connection.ConnectWorkflow, existing: true, edited: true, good: connection.RunConnected},
	{
		name: "update rolled back, last step refused", workflow: connection.ConnectWorkflow, existing: true, edited: true,
		good: connection.RunRolledBack, provider: okta,
		refused: &kit.Fault{Method: "POST", Path: "/oauth2/v1/introspect", Kind: kit.KindStatus, Status: 401},
	},
	{name: "connect again", workflow: connection.ConnectWorkflow, existing: true, good: connection.RunConnected},
	{
		name: "connect after a disconnect", workflow: connection.ConnectWorkflow, existing: true, disconnected: true, onlyLists: true,
		good: connection.RunConnected,
	},
	{name: "disconnect", workflow: connection.DisconnectWorkflow, existing: true, good: connection.RunDisconnected},
	{
		name: "connect, paused and resumed", workflow: connection.ConnectWorkflow, good: connection.RunConnected,
		pauses: true, afterPause: connection.RunConnected,
	},
	{
		name: "update, paused and given up", workflow: connection.ConnectWorkflow, existing: true, edited: true,
		good: connection.RunConnected, pauses: true, whilePaused: giveUp, afterPause: connection.RunRolledBack,
	},
	{
		name: "connect, worker killed while paused", workflow: connection.ConnectWorkflow, good: connection.RunConnected,
		pauses: true, whilePaused: killWorker, afterPause: connection.RunConnected,
	},
	{
		name: "update, cancelled while paused", workflow: connection.ConnectWorkflow, existing: true, edited: true,
		good: connection.RunConnected, pauses: true, whilePaused: cancelRun, afterPause: connection.RunCancelled,
	},
	{
		name: "adoption, paused and nobody comes", workflow: connection.ConnectWorkflow, adopts: true, good: connection.RunConnected,
		pauses: true, pauseTimeout: connection.MinPauseTimeout, whilePaused: nobodyComes, afterPause: connection.RunRolledBack,
	},
	{name: "adopt", workflow: connection.ConnectWorkflow, adopts: true, good: connection.RunConnected},
	{
		name: "adoption rolled back, last step refused", workflow: connection.ConnectWorkflow, adopts: true,
		good: connection.RunRolledBack, provider: okta,
		refused: &kit.Fault{Method: "POST", Path: "/oauth2/v1/introspect", Kind: kit.KindStatus, Status: 401},
	},
	{
		name: "disconnect again", workflow: connection.DisconnectWorkflow, existing: true, disconnected: true, good: connection.RunDisconnected,
	},
	{
		name: "disconnect again, adopted", workflow: connection.DisconnectWorkflow, adopts: true, existing: true, disconnected: true,
		good: connection.RunDisconnected,
	},
	{name: "disconnect, adopted", workflow: connection.DisconnectWorkflow, adopts: true, existing: true, good: connection.RunDisconnected},
}

// changes tells that the run changes what is there, so that a rollback puts it back.
func (s scenario) changes() bool { return s.edited || s.adopts }

// spec is a connection that makes every call there is.
func (s scenario) spec(name string) connection.Spec {
	wanted := connection.Spec{
		Name:       name,
		Adopt:      s.adopts,
		Okta:       connection.OktaSpec{Org: org, AssignGroups: []string{"Engineering", "Support"}},
		Cloudflare: connection.CloudflareSpec{Account: org},
		Policy: connection.PolicySpec{
			Name:         "Okta staff",
			Allow:        connection.Allow{Groups: []string{"Engineering"}, Emails: []string{"ceo@acme.example"}},
			Applications: []string{"wiki.acme.example"},
		},
	}
	if s.pauses {
		wanted.OnFailure, wanted.PauseTimeout = connection.OnFailurePause, connection.Duration(s.pauseTimeout)
	}
	return wanted.WithDefaults()
}

// edit changes every field of a connection that can be changed.
func edit(before connection.Spec) connection.Spec {
	before.Okta.AppLabel = "Access"
	before.Okta.GroupsClaim = connection.GroupsClaim{Filter: connection.FilterRegex, Value: "Engineering|Sales"}
	before.Okta.AssignGroups = []string{"Sales", "Engineering"} // another one comes first
	before.Cloudflare.IDPName, before.Cloudflare.PKCE = "Sign in", new(false)
	before.Policy.Name = "Staff"
	before.Policy.Allow = connection.Allow{Groups: []string{"Sales"}, EmailDomains: []string{"acme.example"}}
	before.Policy.Applications = []string{"dashboard.acme.example"}
	return before
}

// connects names the scenario whose clean run ends as this one's document says.
func (s scenario) connects() string {
	switch {
	case s.adopts:
		return "adopt"
	case s.edited:
		return "update"
	default:
		return "connect"
	}
}
