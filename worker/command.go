package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/version"
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
	root.Version = version.Of(root.Name())
	root.SetVersionTemplate("{{.Version}}\n")
	root.AddCommand(healthCheck(), codecServer(), showVersion())
	root.CompletionOptions.DisableDefaultCmd = true
	return root
}

// healthCheck is for container engines: images without a shell have nothing else to ask with.
func healthCheck() *cobra.Command {
	var live bool
	command := &cobra.Command{
		Use:   "healthcheck HOST:PORT",
		Short: "Ask a worker whether it can work; exit 0 if it can",
		Long: "Ask a worker whether it can work: Temporal answers, and the API tokens are accepted. With --live, ask whether the\n" +
			"process answers and nothing else: a worker must not be restarted because Temporal is away. Exit 0 if so, 1 if not.",
		Example: "  worker healthcheck 127.0.0.1:8080\n  worker healthcheck --live 127.0.0.1:8080",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, lacking := readyPath, "can't work now"
			if live {
				path, lacking = livePath, "doesn't answer"
			}
			if err := askHealth(cmd.Context(), args[0], path); err != nil {
				return fmt.Errorf("the worker at %s %s: %w", args[0], lacking, err)
			}
			return nil
		},
	}
	command.Flags().BoolVar(&live, "live", false, "ask whether the process answers, and nothing else")
	return command
}

// showVersion is the command that shows what this program was built from.
func showVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show the version of this program", Example: "  worker version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), version.Of("worker"))
			return err
		},
	}
}
