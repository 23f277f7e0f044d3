package connection

import "time"

// RunState tells where a run stands.
type RunState string

// The states of a run. The first three are of an open run, the others of an ended one.
const (
	RunRunning       RunState = "running"
	RunRollingBack   RunState = "rolling_back"
	RunNeedsOperator RunState = "needs_operator"
	RunConnected     RunState = "connected"
	RunDisconnected  RunState = "disconnected"
	RunRefused       RunState = "refused"     // the survey found a reason not to start; nothing was changed
	RunRolledBack    RunState = "rolled_back" // a step failed, both sides are as before
	RunCancelled     RunState = "cancelled"   // cancelled, both sides are as before
	RunSuperseded    RunState = "superseded"  // it was reset, a later run has changed the connection since, and it left that as it is
)

// Ended tells whether a run in this state is over.
func (s RunState) Ended() bool {
	return s != RunRunning && s != RunRollingBack && s != RunNeedsOperator
}

// Progress is what ProgressQuery returns: a run, step by step.
type Progress struct {
	Connection string    `json:"connection"`
	Operation  string    `json:"operation"` // the workflow type: Connect or Disconnect
	State      RunState  `json:"state"`
	StartedAt  time.Time `json:"started_at"`
	Steps      []Step    `json:"steps"`
	// Omitted counts the steps that are done and not in Steps, because there are so many.
	Omitted int `json:"omitted,omitempty"`
	// Waiting says which rate limit of a provider the run waits for, and about how long; "" when it waits for none.
	Waiting string `json:"waiting,omitempty"`
	// Needs says what a run in state needs_operator waits for.
	Needs *Failure `json:"needs,omitempty"`
	// Failure is why the run is rolling back or was rolled back.
	Failure *Failure `json:"failure,omitempty"`
}

// StepStatus tells where a step stands.
type StepStatus string

// The states of a step.
const (
	StepRunning StepStatus = "running"
	StepDone    StepStatus = "done"
	StepFailed  StepStatus = "failed"
)

// UndoPrefix starts the ID of a step that undoes another.
const UndoPrefix = "undo "

// Step is one documented step of a run, or the undoing of one.
type Step struct {
	// ID is the activity's ID: unique in the run, such as "AssignGroup 00g1…" or "undo CreateOktaApp".
	ID string `json:"id"`
	// Title says in plain words what the step does: "Create the Okta app".
	Title  string     `json:"title"`
	Undo   bool       `json:"undo,omitempty"`
	Status StepStatus `json:"status"`
	// Attempt is the one that runs, is waited for or was the last, from 1.
	Attempt   int        `json:"attempt,omitempty"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	// LastError is why the last attempt that failed did; "" when none has, or when it could not say so.
	LastError string `json:"last_error,omitempty"`
	// Note says what came of it: an id, what was found, what was left alone.
	Note string `json:"note,omitempty"`
}

// Retry is what RetrySignal tells: a step is tried again.
type Retry struct {
	// Step is the step's ID, Attempt the one that follows or has begun.
	Step    string `json:"step"`
	Attempt int    `json:"attempt"`
	// LastError is why the attempt before failed; "" when it could not say so, because its worker died.
	LastError string `json:"last_error,omitempty"`
	// Limit is the provider's rate limit that the step waits for; "" when it waits for none.
	Limit string `json:"limit,omitempty"`
}

// Failure is what went wrong, in the words of who said it.
type Failure struct {
	// Step is the ID of the step that failed.
	Step string `json:"step"`
	// Message says what happened, to which thing.
	Message string `json:"message"`
	// Provider is okta or cloudflare, when the provider said so; RequestID is its id of the request.
	Provider  string `json:"provider,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	// Advice says what a person can do.
	Advice string `json:"advice,omitempty"`
	// Problems are what the failure consists of, where it is more than one thing or what the survey found: Message has them all too, one
	// a line.
	Problems []Problem `json:"problems,omitempty"`
}

// Problem is a reason not to start: something that no retry fixes and a person has to decide.
type Problem struct {
	// Path is the field of the document, or of the worker's configuration, that it concerns; "" where it concerns none.
	Path string `json:"path,omitempty"`
	// Message says what was found; Advice what to do.
	Message string `json:"message"`
	Advice  string `json:"advice,omitempty"`
}

// String is the problem in one line.
func (p Problem) String() string {
	text := p.Message
	if p.Path != "" {
		text = p.Path + ": " + text
	}
	if p.Advice != "" {
		text += "; " + p.Advice
	}
	return text
}

// Check is one of the checks that prove a connection (procedure, "Proving a connection without a person").
type Check struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	Detail string `json:"detail"`
}

// Result is what a run returns, and what the error of a run that failed carries as its detail.
type Result struct {
	Connection string   `json:"connection"`
	Operation  string   `json:"operation"`
	State      RunState `json:"state"`

	// OktaURL and AccountID are of the org and the account that the run worked with.
	OktaURL            string `json:"okta_url,omitempty"`
	AccountID          string `json:"account_id,omitempty"`
	AuthDomain         string `json:"auth_domain,omitempty"`
	AppID              string `json:"app_id,omitempty"`
	ClientID           string `json:"client_id,omitempty"`
	IdentityProviderID string `json:"identity_provider_id,omitempty"`
	PolicyID           string `json:"policy_id,omitempty"`
	// TestURL is where a person can try the login method in a browser.
	TestURL string `json:"test_url,omitempty"`

	// Changes are what the run changed, or would have changed had it not been rolled back.
	Changes []Change `json:"changes"`
	Checks  []Check  `json:"checks,omitempty"`
	// Notes tell what the run leaves alone although it bears on the connection.
	Notes []string `json:"notes,omitempty"`
	// Left names what a rollback left as it is, because somebody else changed it since, and what a disconnect left because the
	// connection didn't make it.
	Left []string `json:"left,omitempty"`
	// UnsettledUntil is until when something that the run asked for without getting an answer may still be carried out; nil when
	// it got all answers.
	UnsettledUntil *time.Time `json:"unsettled_until,omitempty"`
	Failure        *Failure   `json:"failure,omitempty"`
}

// The types of the application error that a failed run ends with; its first detail is a Result.
const (
	ErrorRefused    = "Refused"    // nothing was changed
	ErrorRolledBack = "RolledBack" // both sides are as before
	ErrorSuperseded = "Superseded" // the run was reset, and a later one has changed the connection since; it changed nothing more
)
