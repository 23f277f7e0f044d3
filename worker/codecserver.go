package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/config"
)

// codecServerTimeout bounds a request to the codec server.
const codecServerTimeout = 30 * time.Second

// codecServer is the command that makes encrypted runs readable in Temporal UI.
func codecServer() *cobra.Command {
	command := &cobra.Command{
		Use:   "codec-server",
		Short: "Serve Temporal UI and Temporal's command line with readable payloads",
		Long: "Serve Temporal UI and Temporal's command line with readable payloads of encrypted runs. It has the encryption keys and\n" +
			"nothing else: no token of Okta or Cloudflare, no connection to Temporal. It listens on this machine alone unless it has a\n" +
			"token and a certificate. docs/encryption.md shows how to set Temporal UI up.",
		Example: "  worker codec-server --encryption-key-files keys\n" +
			"  worker codec-server --config worker.yaml --listen :8081 --ui-origins https://temporal.example.com \\\n" +
			"    --token-file token --tls-cert-file cert.pem --tls-key-file key.pem",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := refuseDebugging(os.Getenv("GODEBUG")); err != nil {
				return err
			}
			settings, err := config.LoadCodecServer(cmd.Flags(), os.Environ())
			if err != nil {
				return err
			}
			return serveCodec(cmd.Context(), settings, newLogger(settings))
		},
	}
	config.AddCodecServerFlags(command.Flags())
	return command
}

// serveCodec serves until the context ends.
func serveCodec(ctx context.Context, settings config.Config, logger *slog.Logger) error {
	for _, warning := range settings.Warnings {
		logger.Warn(warning)
	}
	encryption, err := newCodec(settings, logger)
	if err != nil {
		return err
	}
	own := settings.CodecServer
	listener, err := net.Listen("tcp", own.Listen)
	if err != nil {
		return fmt.Errorf("serve the codec server on %s: %w; choose another codec_server.listen", own.Listen, err)
	}
	scheme := "http"
	if own.Certificate != nil {
		scheme = "https"
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{*own.Certificate}, MinVersion: tls.VersionTLS12})
	}
	serving := &http.Server{
		Handler:           codec.NewServer(encryption, codec.ServerOptions{Origins: own.UIOrigins, Token: own.Token, TLS: own.Certificate != nil}),
		ReadHeaderTimeout: codecServerTimeout, ReadTimeout: codecServerTimeout, WriteTimeout: codecServerTimeout,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	answered := make(chan struct{})
	defer context.AfterFunc(ctx, func() {
		defer close(answered)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), codecServerTimeout)
		defer cancel()
		_ = serving.Shutdown(ctx) // what isn't answered by then never will be
	})()
	logger.Info("serving", "url", scheme+"://"+listener.Addr().String(), "keys", len(settings.EncryptionKeys), "token", !own.Token.IsZero())
	if err := serving.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the codec server on %s: %w", own.Listen, err)
	}
	<-answered
	return nil
}
