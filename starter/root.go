package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/version"
	"github.com/accessbridge/accessbridge/starter/view"
)

// application is what all commands share: where they read and write, and their settings.
type application struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	settings       settings
}

// settings are the flags that all commands have.
type settings struct {
	address, namespace, profile, configFile string
	taskQueue, uiURL                        string
	// keyFiles name the files of encryption keys; keys are such keys themselves, from the environment.
	keyFiles, keys []string
}

// execute runs one command line and returns the process's exit code.
func execute(ctx context.Context, app *application, arguments []string) int {
	root := newRoot(app)
	root.SetArgs(arguments)
	command, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	code := exitCode(err)
	if message := explain(err); message != "" {
		_, _ = fmt.Fprintln(app.stderr, view.CleanLines(message))
	}
	if isUsage(err) {
		_, _ = fmt.Fprintf(app.stderr, "See `%s --help`.\n", command.CommandPath())
	}
	return code
}

// newRoot builds the command line.
func newRoot(app *application) *cobra.Command {
	root := &cobra.Command{
		Use:   "starter",
		Short: "Connect an Okta organisation to Cloudflare Access, and take the connection away again",
		Long: `starter connects an Okta organisation to Cloudflare Access as its identity provider: it starts the documented
procedure as a durable run on Temporal, shows how far it is, and ends it. A run that can't finish puts both sides
back as it found them.

Which Temporal server it dials is said by the flags below, by the TEMPORAL_* variables, or by a profile of Temporal's
configuration file, as for every tool of Temporal. An API key is taken from TEMPORAL_API_KEY or the profile only.

Exit codes: 0 done; 1 usage, document or Temporal error; 2 failed, refused or cancelled, and both sides are as before;
3 a rollback is waiting for a person; 4 plan found changes; 130 interrupted, the run goes on.`,
		Example: `  starter init acme.yaml           write a document to start from
  starter plan -f acme.yaml        see what would change
  starter connect -f acme.yaml     do it`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	root.Version = version.Of(root.Name())
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetIn(app.stdin)
	root.SetOut(app.stdout)
	root.SetErr(app.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	app.addSettings(root)
	root.AddCommand(
		newConnect(app), newPlan(app), newValidate(app), newStatus(app), newList(app), newWatch(app),
		newCancel(app), newDisconnect(app), newResume(app), newRollback(app), newInit(app), newVersion(app),
	)
	return root
}

// addSettings gives every command the flags that say which server to dial, and reads our own variables where a flag is
// left out. Temporal's own variables are read when it is dialled.
func (a *application) addSettings(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&a.settings.address, "address", "", "host and port of the Temporal server (TEMPORAL_ADDRESS; default localhost:7233)")
	flags.StringVarP(&a.settings.namespace, "namespace", "n", "", "Temporal namespace (TEMPORAL_NAMESPACE; default \"default\")")
	flags.StringVar(&a.settings.profile, "profile", "", "profile in Temporal's configuration file (TEMPORAL_PROFILE)")
	flags.StringVar(&a.settings.configFile, "config-file", "", "Temporal's configuration file (TEMPORAL_CONFIG_FILE)")
	flags.String("task-queue", connection.TaskQueue, "task queue that the worker listens on (ACCESSBRIDGE_TASK_QUEUE)")
	flags.String("ui-url", "", "address of Temporal UI, for links (ACCESSBRIDGE_UI_URL; default: derived from the server's)")
	flags.String("encryption-key-file", "", "file of encryption keys, or several, separated by commas (ACCESSBRIDGE_ENCRYPTION_KEY_FILES)")
	_ = root.MarkPersistentFlagFilename("config-file", "toml") // fails only for a flag that isn't there

	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if file := a.settings.configFile; file != "" {
			if _, err := os.Stat(file); err != nil {
				return usage(fmt.Errorf("read Temporal's configuration file: %w; give --config-file the path of one, or leave it out", err))
			}
		}
		return a.readVariables(flags)
	}
}

// readVariables reads our own variables where a flag is left out. Keys have no flag: others can read a process's arguments.
func (a *application) readVariables(flags *pflag.FlagSet) error {
	variables := viper.New()
	for name, variable := range map[string]string{
		"task-queue": "ACCESSBRIDGE_TASK_QUEUE", "ui-url": "ACCESSBRIDGE_UI_URL", "encryption-key-file": "ACCESSBRIDGE_ENCRYPTION_KEY_FILES",
	} {
		if err := variables.BindPFlag(name, flags.Lookup(name)); err != nil {
			return fmt.Errorf("bind flag --%s: %w", name, err)
		}
		if err := variables.BindEnv(name, variable); err != nil {
			return fmt.Errorf("bind %s, the variable of flag --%s: %w", variable, name, err)
		}
	}
	a.settings.taskQueue, a.settings.uiURL = variables.GetString("task-queue"), variables.GetString("ui-url")
	a.settings.keyFiles = codec.Split(variables.GetString("encryption-key-file"))
	a.settings.keys = codec.Split(os.Getenv("ACCESSBRIDGE_ENCRYPTION_KEYS"))
	return nil
}

// exactly is like cobra.ExactArgs and friends, with an error that says what is expected.
func exactly(what string, least, most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, arguments []string) error {
		if len(arguments) < least {
			return usage(fmt.Errorf("%s is missing", what))
		}
		if len(arguments) > most {
			return usage(fmt.Errorf("unexpected argument %q", arguments[most]))
		}
		return nil
	}
}

// style is how words are coloured on one of the outputs.
func style(writer io.Writer) view.Style {
	return view.Style{Colours: isTerminal(writer) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}
