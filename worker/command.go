package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/internal/config"
)

// command is the command line of the worker: run it, ask one that runs whether it is well, or serve Temporal UI.
func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "worker",
		Short: "Carry out accessbridge's runs",
		Long: "Carry out accessbridge's runs: connect Okta organisations to Cloudflare Access.\n\n" +
			"The configuration comes from a file, from variables ACCESSBRIDGE_… and from flags, each stronger than the one before;\n" +
			"docs/configuration.md lists every key. Temporal is found as by every Temporal tool: TEMPORAL_… and profiles.",
		Example:       "  worker --config worker.yaml\n  worker --config worker.yaml --log-format json --health-address 127.0.0.1:8080",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := refuseDebugging(os.Getenv("GODEBUG")); err != nil {
				return err
			}
			settings, err := config.Load(cmd.Flags(), os.Environ())
			if err != nil {
				return err
			}
			return run(cmd.Context(), settings)
		},
	}
	config.AddFlags(root.Flags())
	root.AddCommand(healthCheck(), codecServer())
	root.CompletionOptions.DisableDefaultCmd = true
	return root
}

// healthCheck is for container engines: images without a shell have nothing else to ask with.
func healthCheck() *cobra.Command {
	return &cobra.Command{
		Use:     "healthcheck HOST:PORT",
		Short:   "Ask the health endpoint of a worker; exit 0 when it is well",
		Example: "  worker healthcheck 127.0.0.1:8080",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := askHealth(cmd.Context(), args[0]); err != nil {
				return fmt.Errorf("the worker at %s is not well: %w", args[0], err)
			}
			return nil
		},
	}
}
