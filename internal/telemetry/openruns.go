package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

// The names of what is measured of open runs.
const (
	metricOpenRuns = "accessbridge.runs.open"
	metricWaiting  = "accessbridge.runs.oldest_needing_operator.age"
)

// openStates are the states of an open run.
var openStates = []connection.RunState{connection.RunRunning, connection.RunRollingBack, connection.RunNeedsOperator}

// OpenRuns counts the open runs of a task queue, by their states. No worker holds them all: a run is with whichever worker took its last
// step, or with none, so Temporal is asked.
type OpenRuns struct {
	list   func(context.Context) ([]runs.Status, error)
	every  time.Duration
	logger *slog.Logger

	mutex  sync.Mutex
	at     time.Time
	counts map[connection.RunState]int64
	oldest time.Time
}

// NewOpenRuns measures what list finds, at this interval.
func NewOpenRuns(meter metric.Meter, every time.Duration, list func(context.Context) ([]runs.Status, error), logger *slog.Logger) (*OpenRuns, error) {
	o := &OpenRuns{list: list, every: every, logger: logger}
	open, err := meter.Int64ObservableGauge(metricOpenRuns, metric.WithDescription("Open runs of the task queue, by state. Every worker tells of all."))
	if err != nil {
		return nil, fmt.Errorf("measure open runs: %w", err)
	}
	waiting, err := meter.Float64ObservableGauge(metricWaiting, metric.WithUnit("s"),
		metric.WithDescription("How long ago the oldest run that needs an operator was started; 0 where none does."))
	if err != nil {
		return nil, fmt.Errorf("measure open runs: %w", err)
	}
	_, err = meter.RegisterCallback(func(_ context.Context, observer metric.Observer) error {
		o.observe(observer, open, waiting)
		return nil
	}, open, waiting)
	if err != nil {
		return nil, fmt.Errorf("measure open runs: %w", err)
	}
	return o, nil
}

// Watch lists the open runs now and then, until the context ends.
func (o *OpenRuns) Watch(ctx context.Context) {
	for {
		o.look(ctx)
		select {
		case <-time.After(o.every):
		case <-ctx.Done():
			return
		}
	}
}

func (o *OpenRuns) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, o.every)
	defer cancel()
	found, err := o.list(ctx)
	if err != nil {
		o.logger.Debug("open runs can't be counted", "error", err)
		return
	}
	counts, oldest := map[connection.RunState]int64{}, time.Time{}
	for _, run := range found {
		counts[run.State]++
		if run.State == connection.RunNeedsOperator && (oldest.IsZero() || run.StartedAt.Before(oldest)) {
			oldest = run.StartedAt
		}
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.at, o.counts, o.oldest = time.Now(), counts, oldest
}

// observe tells what was found last, unless that is too old to be told.
func (o *OpenRuns) observe(observer metric.Observer, open metric.Int64Observable, waiting metric.Float64Observable) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.at.IsZero() || time.Since(o.at) > 3*o.every {
		return
	}
	for _, state := range openStates {
		observer.ObserveInt64(open, o.counts[state], metric.WithAttributes(attribute.String("state", string(state))))
	}
	age := 0.0
	if !o.oldest.IsZero() {
		age = time.Since(o.oldest).Seconds()
	}
	observer.ObserveFloat64(waiting, age)
}
