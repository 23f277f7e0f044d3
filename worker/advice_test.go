package main

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/config"
)

// TestAdvice_OfAnAddressThatIsTaken_IsDone for both servers of the program.
func TestAdvice_OfAnAddressThatIsTaken_IsDone(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	for _, row := range []struct {
		advice string
		serve  func(address string) error
	}{
		{
			advice: "choose another health_address",
			serve: func(address string) error {
				stop, err := serveHTTP("health_address", address, nil, slog.New(slog.DiscardHandler))
				if err == nil {
					stop()
				}
				return err
			},
		},
		{
			advice: "choose another codec_server.listen",
			serve: func(address string) error {
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				return serveCodec(ctx, config.Config{CodecServer: config.CodecServer{Listen: address}}, slog.New(slog.DiscardHandler))
			},
		},
	} {
		if err := row.serve(taken.Addr().String()); err == nil || !strings.HasSuffix(err.Error(), row.advice) {
			t.Errorf("at an address that is taken: %v", err)
		}
		if err := row.serve("127.0.0.1:0"); err != nil {
			t.Errorf("%s: it was done, and yet: %v", row.advice, err)
		}
	}
}
