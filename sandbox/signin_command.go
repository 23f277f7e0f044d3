package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/sandbox/signin"
)

// errDenied makes a denied sign-in end with an exit code of its own kind: not 0.
var errDenied = errors.New("denied")

// newSignInCommand signs a person in as a browser would, and tells how it ended.
func newSignInCommand() *cobra.Command {
	var caFile, address, provider, login, password string
	command := &cobra.Command{
		Use:   "sign-in",
		Short: "Sign a person in through Access and Okta, without a browser",
		Example: "  sandbox sign-in --url https://127.0.0.1:9445/ --idp Okta \\\n" +
			"    --user alice@acme.example --password sandbox-alice",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			client, err := newClient(caFile)
			if err != nil {
				return err
			}
			outcome, err := signin.Through(command.Context(), client, address, provider, signin.Person{Login: login, Password: password})
			if err != nil {
				return err
			}
			decision := "denied"
			if outcome.Allowed {
				decision = "allowed"
			}
			fmt.Fprintf(command.OutOrStdout(), "%s %s: %s\n", login, decision, outcome.Reason)
			if !outcome.Allowed {
				return errDenied
			}
			return nil
		},
	}
	flags := command.Flags()
	flags.StringVar(&caFile, "ca", ".sandbox/ca.pem", "the certificate authority to trust")
	flags.StringVar(&address, "url", "https://127.0.0.1:9445/", "the page to start from: a login domain, or a test link")
	flags.StringVar(&provider, "idp", "Okta", "the identity provider to choose, by name")
	flags.StringVar(&login, "user", "", "who signs in")
	flags.StringVar(&password, "password", "", "the person's password")
	return command
}

func newClient(caFile string) (*http.Client, error) {
	certificate, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fmt.Errorf("read the certificate authority: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(certificate) {
		return nil, fmt.Errorf("%s has no certificate", caFile)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	return &http.Client{Transport: transport, Timeout: time.Minute}, nil
}
