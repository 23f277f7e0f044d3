package e2e

import (
	"testing"
	"time"
)

func TestAdvice_OfTheStarter_IsDone(t *testing.T) { followAll(t, starterAdvice) }

// starterAdvice is what the command line says that no script of its own can meet; see starter/testdata/script.
var starterAdvice = []followed{
	{
		advice: "Make one with `starter connect -f FILE`.",
		follow: func(b *bench, says func(string)) {
			says(b.says(0, nil, "list", "--inventory").Stderr)
			b.says(0, []string{"connected"}, "connect", "-f", b.document())
			b.says(0, []string{b.name}, "list", "--inventory")
		},
	},
	{
		advice: "is one running on task queue",
		follow: func(b *bench, says func(string)) {
			b.paused(time.Hour)
			if err := b.Worker.Kill(); err != nil {
				b.t.Fatal(err)
			}
			says(b.says(0, nil, "status", b.name).Stdout)
			if err := b.StartWorker(b.ctx); err != nil {
				b.t.Fatal(err)
			}
			b.says(0, []string{"connected"}, "resume", b.name)
		},
	},
	{advice: "starter rollback ", doneBy: "TestStarter_RunThatWaits_IsToldOfAndActedOn"},
}
