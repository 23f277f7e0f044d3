package connection

import "strings"

// ContractVersion is the version of what callers rely on: the names below, the messages and the errors. docs/contract.md says what may
// change without a new one.
const ContractVersion = "1.0"

// What a client of ours needs to know by name: to start a run, to ask about it, to act on it.
const (
	// TaskQueue is where a worker of ours listens unless it is configured otherwise.
	TaskQueue = "accessbridge"

	// ConnectWorkflow takes a Spec and moves both sides to it; it returns a Result.
	ConnectWorkflow = "Connect"
	// DisconnectWorkflow takes a Spec and takes away what is the connection's own; it returns a Result.
	DisconnectWorkflow = "Disconnect"
	// PlanWorkflow takes a Spec and returns a Plan: what ConnectWorkflow would change. It changes nothing.
	PlanWorkflow = "Plan"
	// InventoryWorkflow takes an InventoryRequest and returns an Inventory: the connections that exist in the orgs that the worker
	// holds credentials of. It changes nothing, and its ID may be any.
	InventoryWorkflow = "Inventory"

	// ProgressQuery returns a Progress.
	ProgressQuery = "progress"
	// RetrySignal tells a run of a step that is tried again; it takes a Retry. Steps send it themselves.
	RetrySignal = "retry"
	// ResumeUpdate makes a run that waits for a person try again what failed. It takes and returns nothing.
	ResumeUpdate = "resume"
	// RollbackUpdate makes a run that waits at a failed step (on_failure: pause) give up and put both sides back. It takes
	// and returns nothing.
	RollbackUpdate = "rollback"

	// MemoConnection, MemoOperation and MemoState are the memo keys that describe a run in lists: the connection's
	// name, Connect or Disconnect, and a RunState.
	MemoConnection = "connection"
	MemoOperation  = "operation"
	MemoState      = "state"
	// MemoNeeds is the memo key of what a run waits for: a Failure, or null.
	MemoNeeds = "needs"
)

// WorkflowIDPrefix starts the workflow ID of every run of ours.
const WorkflowIDPrefix = "accessbridge/"

// WorkflowID is the ID of every run that changes a connection: Temporal lets only one of them be open at a time, so it
// is the connection's lock.
func WorkflowID(name string) string { return WorkflowIDPrefix + name }

// PlanWorkflowID is the ID of a plan of a connection; it reads only, so it doesn't take the lock.
func PlanWorkflowID(name string) string { return WorkflowIDPrefix + name + "/plan" }

// InventoryWorkflowID is the ID that `starter` gives an inventory: each has its own, so that several can be made at a time.
func InventoryWorkflowID(unique string) string { return WorkflowIDPrefix + "inventory/" + unique }

// NameFromWorkflowID is the connection's name in a workflow ID of ours, or "" when it is the ID of something else.
func NameFromWorkflowID(id string) string {
	name, ours := strings.CutPrefix(id, WorkflowIDPrefix)
	if !ours || strings.Contains(name, "/") {
		return ""
	}
	return name
}
