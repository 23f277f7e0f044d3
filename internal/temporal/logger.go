package temporal

import (
	"log/slog"

	"go.temporal.io/sdk/log"
)

// Logger writes what the SDK says to a slog logger.
func Logger(logger *slog.Logger) log.Logger { return log.NewStructuredLogger(logger) }

// Quiet is a logger that drops everything: for processes whose only output is their answer.
type Quiet struct{}

var _ log.Logger = Quiet{}

// Debug drops a message.
func (Quiet) Debug(string, ...any) {}

// Info drops a message.
func (Quiet) Info(string, ...any) {}

// Warn drops a message.
func (Quiet) Warn(string, ...any) {}

// Error drops a message.
func (Quiet) Error(string, ...any) {}
