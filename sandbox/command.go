package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/sandbox/host"
)

// newCommand is the command that serves, with those below it that use what is served.
func newCommand() *cobra.Command {
	options := host.Default()
	var writeConfig string
	var delay time.Duration
	var blockClientIDs bool
	command := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve Okta orgs and Cloudflare accounts on this machine",
		Long: `Serves simulated Okta orgs, the Cloudflare API, and the Access login domain of each account, over HTTPS with
a certificate authority made at the start. Everything is in memory. It stops on SIGINT or SIGTERM.`,
		Example:       "  sandbox --write-config .sandbox/worker.yaml\n  sandbox --okta-acme 127.0.0.1:19443 --latency 100ms",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(command *cobra.Command, _ []string) error {
			options.Latency = delay
			for index := range options.Orgs {
				options.Orgs[index].BlockDeletedClientIDs = blockClientIDs
			}
			return serve(command.Context(), options, writeConfig, command.OutOrStdout())
		},
	}
	flags := command.Flags()
	for index := range options.Orgs {
		org := &options.Orgs[index]
		flags.StringVar(&org.Address, "okta-"+org.Name, org.Address, "address of the Okta org "+org.Name)
		flags.StringVar(&org.Token, "okta-token-"+org.Name, org.Token, "API token of the Okta org "+org.Name)
	}
	for index := range options.Accounts {
		account := &options.Accounts[index]
		flags.StringVar(&account.Address, "access-"+account.Name, account.Address, "address of the Access login domain of the account "+account.Name)
		flags.StringVar(&account.Tokens[0].Value, "cloudflare-token-"+account.Name, account.Tokens[0].Value, "API token of the account "+account.Name)
		flags.StringVar(&account.ID, "account-id-"+account.Name, account.ID, "id of the account "+account.Name)
	}
	flags.StringVar(&options.APIAddress, "cloudflare-api", options.APIAddress, "address of the Cloudflare API")
	flags.StringVar(&options.Name, "name", "", "what clients call this machine (default: the host of each address)")
	flags.StringVar(&options.CAFile, "ca", options.CAFile, "where to write the certificate authority")
	flags.StringVar(&writeConfig, "write-config", "", "where to write a worker's configuration for this sandbox")
	flags.IntVar(&options.APILimit, "cloudflare-limit", 0, "requests in 5 minutes that a Cloudflare token may send; 0 is the real 1200, -1 is no limit")
	flags.BoolVar(&options.RefuseDeletingUsedIdentityProvider, "refuse-deleting-used-idp", false, "answer 409 to deleting an identity provider in use")
	flags.BoolVar(&blockClientIDs, "block-deleted-client-ids", false, "have the Okta orgs refuse the client id of a deleted app")
	flags.DurationVar(&delay, "latency", 0, "time before each answer of the APIs")
	command.AddCommand(newSignInCommand(), newHealthCommand())
	return command
}

func serve(ctx context.Context, options host.Options, writeConfig string, out io.Writer) error {
	sandbox, err := host.Start(ctx, options)
	if err != nil {
		return err
	}
	defer sandbox.Close()
	if writeConfig != "" {
		if err := writeYAML(writeConfig, sandbox); err != nil {
			return err
		}
	}
	describe(out, options, sandbox)
	if writeConfig != "" {
		fmt.Fprintf(out, "\nworker configuration: %s\n", writeConfig)
	}
	fmt.Fprintln(out, "ready")
	<-ctx.Done()
	return nil
}

// writeYAML writes for the owner only: a worker's configuration has tokens, even if these open nothing.
func writeYAML(path string, sandbox *host.Sandbox) error {
	config := sandbox.WorkerConfig()
	if absolute, err := filepath.Abs(sandbox.CAFile); err == nil {
		config["ca_file"] = absolute
	}
	encoded, err := yaml.Marshal(config)
	if err != nil {
		return fmt.Errorf("write the worker configuration: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write the worker configuration: %w", err)
	}
	if err := os.WriteFile(path, encoded, 0o600); err != nil {
		return fmt.Errorf("write the worker configuration: %w", err)
	}
	return nil
}

// describe prints where everything is, and what opens it.
func describe(out io.Writer, options host.Options, sandbox *host.Sandbox) {
	fmt.Fprintf(out, "certificate authority: %s\n", sandbox.CAFile)
	for _, wanted := range options.Orgs {
		org := sandbox.Orgs[wanted.Name]
		fmt.Fprintf(out, "\nOkta org %s\n  url    %s\n  token  %s\n", org.Name, org.URL, org.Token)
		for _, user := range org.Users {
			fmt.Fprintf(out, "  user   %-22s password %-16s groups %v\n", user.Login, user.Password, user.Groups)
		}
	}
	fmt.Fprintf(out, "\nCloudflare API\n  url    %s\n", sandbox.API.URL)
	for _, wanted := range options.Accounts {
		account := sandbox.Accounts[wanted.Name]
		fmt.Fprintf(out, "\nCloudflare account %s\n  id     %s\n  token  %s\n  login  %s\n", account.Name, account.ID, account.Token, account.URL)
		for _, application := range wanted.Applications {
			fmt.Fprintf(out, "  app    %s (%s)\n", application.Name, application.Domain)
		}
	}
	fmt.Fprintln(out, "\nEach of them shows its journal at /_sandbox/requests and its state at /_sandbox/state.")
}
