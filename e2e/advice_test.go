package e2e

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/host"
)

// advised is an advice that a refusal gives. What it says is done, once for each way out, and then nothing is refused any more.
type advised struct {
	// advice is how it begins, as the planner has it.
	advice string
	seed   func(*host.Options)
	// refused makes what the document is refused for; spec is the document until then.
	refused func(b *bench, spec *connection.Spec)
	// away means that a disconnect is refused, instead of a connect.
	away bool
	ways []way
}

// way does what the advice says; it may change the document.
type way func(b *bench, spec *connection.Spec, advice string)

func TestAdvice_IsDone_AndNothingIsRefusedAnyMore(t *testing.T) {
	followAllWays(t, slices.Concat(groupAdvice, appAdvice, identityProviderAdvice, applicationAdvice))
}

func followAllWays(t *testing.T, rows []advised) {
	t.Helper()
	for _, row := range rows {
		for i, done := range row.ways {
			t.Run(row.advice+", way "+strconv.Itoa(i+1), func(t *testing.T) { row.follow(t, done) })
		}
	}
}

func (row advised) follow(t *testing.T, done way) {
	b := setUp(t, row.seed)
	spec := b.spec()
	row.refused(b, &spec)
	spec = spec.WithDefaults()
	workflow := connection.ConnectWorkflow
	if row.away {
		workflow = connection.DisconnectWorkflow
	}
	failure := b.failure(b.start(workflow, spec), connection.ErrorRefused).Failure
	advice, given := row.givenBy(*failure)
	if !given {
		t.Fatalf("it is refused with other advice: %+v", failure)
	}
	done(b, &spec, advice)
	result := b.result(b.start(workflow, spec.WithDefaults()))
	if !result.State.Ended() || result.Failure != nil {
		t.Errorf("what the advice says was done, and the run ended %s: %+v", result.State, result.Failure)
	}
}

// givenBy is the advice as a refusal gives it: of a problem, of the whole, or at the end of the message.
func (row advised) givenBy(failure connection.Failure) (string, bool) {
	for _, problem := range append(failure.Problems, connection.Problem{Advice: failure.Advice}) {
		if strings.HasPrefix(problem.Advice, row.advice) {
			return problem.Advice, true
		}
	}
	return row.advice, strings.HasSuffix(failure.Message, "; "+row.advice)
}
