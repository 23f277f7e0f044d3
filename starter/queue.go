package main

import (
	"context"
	"fmt"
	"time"

	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// warnIfUnpolled says, before a run of a connection is started, that no worker will take it up, and which queue one polls, when the
// connection's last run tells.
func (a *application) warnIfUnpolled(ctx context.Context, session *session, name string) {
	queue := session.TaskQueue()
	if !session.Unpolled(ctx, queue) {
		return
	}
	instead := "give the queue of another with --task-queue"
	last, err := session.Describe(ctx, runs.Newest(name))
	if err == nil && last.TaskQueue != "" && last.TaskQueue != queue && !session.Unpolled(ctx, last.TaskQueue) {
		instead = fmt.Sprintf("use that of the last run, which a worker polls: --task-queue %s", last.TaskQueue)
	}
	a.warn(fmt.Sprintf("no worker polls task queue %q: what is started there waits until one does; start a worker there, or %s", queue, instead))
}

// saysWaiting says after a while that an answer isn't there, and on which task queue it is waited for, until the function that it returns
// is called.
func (a *application) saysWaiting(what string) (stop func()) {
	waiting := time.AfterFunc(view.Patience, func() {
		a.say("Waiting: %s; is a worker running on task queue %q?", what, a.settings.taskQueue)
	})
	return func() { waiting.Stop() }
}
