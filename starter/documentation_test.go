package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commands is the documentation of the command line.
func commands(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tree is the command line with the commands that the library adds.
func tree() *cobra.Command {
	root := newRoot(&application{stdout: io.Discard, stderr: io.Discard})
	root.InitDefaultCompletionCmd()
	return root
}

func TestDocumentation_HasEveryCommandWithItsFlagsAndAnExample(t *testing.T) {
	t.Parallel()
	text := commands(t)
	for _, command := range tree().Commands() {
		_, section, found := strings.Cut(text, "### `starter "+command.Name()+"`")
		if !found {
			t.Errorf("starter %s isn't documented", command.Name())
			continue
		}
		section, _, _ = strings.Cut(section, "\n### ")
		if !strings.Contains(section, "```sh\n") || !strings.Contains(section, "starter "+command.Name()) {
			t.Errorf("starter %s has no example", command.Name())
		}
		command.LocalNonPersistentFlags().VisitAll(func(flag *pflag.Flag) {
			if flag.Name != "help" && !strings.Contains(text, "--"+flag.Name) {
				t.Errorf("starter %s --%s isn't documented", command.Name(), flag.Name)
			}
		})
	}
}

func TestDocumentation_HasEveryFlagOfAllCommands(t *testing.T) {
	t.Parallel()
	text := commands(t)
	tree().PersistentFlags().VisitAll(func(flag *pflag.Flag) {
		if !strings.Contains(text, "| `--"+flag.Name+"`") {
			t.Errorf("--%s isn't documented", flag.Name)
		}
	})
}

func TestDocumentation_HasEveryExitCode(t *testing.T) {
	t.Parallel()
	text, help := commands(t), tree().Long
	for _, code := range []int{exitDone, exitError, exitNotDone, exitWaiting, exitChanges, exitInterrupted} {
		if !strings.Contains(text, fmt.Sprintf("| %d | ", code)) {
			t.Errorf("exit code %d isn't in docs/commands.md", code)
		}
		if !strings.Contains(help, fmt.Sprintf("%d ", code)) {
			t.Errorf("exit code %d isn't in the help", code)
		}
	}
}

func TestHelp_OfEveryCommandHasAnExample(t *testing.T) {
	t.Parallel()
	for _, command := range tree().Commands() {
		if command.Name() != "completion" && !strings.Contains(command.Example, "starter "+command.Name()) {
			t.Errorf("starter %s has no example in its help", command.Name())
		}
	}
}
