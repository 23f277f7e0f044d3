// Package devservertest gives a test a Temporal server of its own.
package devservertest

import (
	"context"
	"testing"

	"github.com/accessbridge/accessbridge/internal/devserver"
)

// Start starts a server that ends with the test at the latest.
func Start(ctx context.Context, t testing.TB, options devserver.Options) *devserver.Server {
	t.Helper()
	server, err := devserver.Start(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}
