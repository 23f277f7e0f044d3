package devserver

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/internal/temporal"
)

// errEnded tells that the server ended by itself before it answered.
var errEnded = errors.New("the Temporal dev server ended by itself")

// waitHealthy returns when the server takes requests for its default namespace.
func (s *Server) waitHealthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthyWithin)
	defer cancel()
	lazy, err := client.NewLazyClient(client.Options{HostPort: s.Address, Logger: temporal.Quiet{}})
	if err != nil {
		return fmt.Errorf("dial the Temporal dev server at %s: %w", s.Address, err)
	}
	defer lazy.Close()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		attempt, end := context.WithTimeout(ctx, time.Second)
		_, err = lazy.WorkflowService().DescribeNamespace(attempt, &workflowservice.DescribeNamespaceRequest{Namespace: client.DefaultNamespace})
		end()
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("%w, at %s; its last lines:\n%s", errEnded, s.Address, s.tail)
		case <-ctx.Done():
			return fmt.Errorf("the Temporal dev server at %s doesn't answer: %w (%w); its last lines:\n%s", s.Address, err, ctx.Err(), s.tail)
		case <-again.C:
		}
	}
}

// tailBytes is how much of the server's output is kept for an error.
const tailBytes = 4096

// tail keeps the last bytes that were written to it.
type tail struct {
	mutex sync.Mutex
	bytes []byte
}

// Write keeps the end of what was written so far.
func (t *tail) Write(written []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.bytes = append(t.bytes, written...)
	t.bytes = t.bytes[max(0, len(t.bytes)-tailBytes):]
	return len(written), nil
}

// String is what was kept.
func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return string(t.bytes)
}
