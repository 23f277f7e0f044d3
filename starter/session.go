package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/temporal"
)

// session is a connection to Temporal, for as long as a command runs.
type session struct {
	*runs.Runs
	uiURL     string
	namespace string
	close     func()
}

// dial connects to Temporal as the settings say. The caller closes the session.
func (a *application) dial(ctx context.Context) (*session, error) {
	encryption, err := a.encryption()
	if err != nil {
		return nil, err
	}
	converters := encryption.ForClient()
	options := temporal.Options{
		ConfigFile: a.settings.configFile, Profile: a.settings.profile, Address: a.settings.address, Namespace: a.settings.namespace,
		DataConverter: converters.Data, FailureConverter: converters.Failure,
	}
	resolved, err := temporal.Resolve(options)
	if err != nil {
		return nil, err
	}
	a.warn(temporal.Warning(resolved))
	client, err := temporal.Dial(ctx, options)
	if err != nil {
		return nil, err
	}
	uiURL := a.settings.uiURL
	if uiURL == "" {
		uiURL = deriveUI(resolved.HostPort)
	}
	return &session{
		Runs: runs.New(client, runs.Options{
			TaskQueue: a.settings.taskQueue, Namespace: resolved.Namespace, DataConverter: resolved.DataConverter,
		}),
		uiURL: strings.TrimRight(uiURL, "/"), namespace: resolved.Namespace, close: client.Close,
	}, nil
}

// inSession is what cobra runs for a command that needs Temporal: it connects, acts and closes.
func (a *application) inSession(act func(ctx context.Context, session *session, arguments []string) error) func(*cobra.Command, []string) error {
	return func(command *cobra.Command, arguments []string) error {
		session, err := a.dial(command.Context())
		if err != nil {
			return err
		}
		defer session.close()
		return act(command.Context(), session, arguments)
	}
}

// withDocument is inSession for a command that needs a document: what is wrong with that is said before Temporal is asked.
func (a *application) withDocument(file *string, act func(ctx context.Context, session *session, spec connection.Spec) error) func(*cobra.Command, []string) error {
	return func(command *cobra.Command, arguments []string) error {
		spec, err := a.read(*file)
		if err != nil {
			return err
		}
		return a.inSession(func(ctx context.Context, session *session, _ []string) error { return act(ctx, session, spec) })(command, arguments)
	}
}

// encryption makes the codec of the keys that the settings lead to.
func (a *application) encryption() (*codec.Codec, error) {
	if len(a.settings.keyFiles) > 0 && len(a.settings.keys) > 0 {
		return nil, usage(errors.New("encryption keys are given by files and by ACCESSBRIDGE_ENCRYPTION_KEYS; leave one of them out"))
	}
	var keys []codec.Key
	for _, file := range a.settings.keyFiles {
		read, err := codec.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the encryption keys: %w", err)
		}
		a.warn(secret.Exposed(file, "which holds encryption keys"))
		keys = append(keys, read...)
	}
	for index, text := range a.settings.keys {
		key, err := codec.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("read key %d of ACCESSBRIDGE_ENCRYPTION_KEYS: %w", index+1, err)
		}
		keys = append(keys, key)
	}
	return codec.New(keys)
}

// warn tells a warning beside the answer; "" is none. No full stop follows what it may end with: a command that people copy.
func (a *application) warn(warning string) {
	if warning != "" {
		a.say("Warning: %s", warning)
	}
}

// link is the page of a run in Temporal UI; "" when it isn't known where that is.
func (s *session) link(status runs.Status) string {
	if s.uiURL == "" {
		return ""
	}
	return s.uiURL + "/namespaces/" + url.PathEscape(s.namespace) + "/workflows/" + url.PathEscape(status.WorkflowID) + "/" + url.PathEscape(status.RunID) + "/history"
}

// devUIOffset is how far above its own port the development server puts Temporal UI, unless it is told otherwise.
const devUIOffset = 1000

// deriveUI guesses where Temporal UI is from the address of the server: beside a development server, or in Temporal Cloud.
func deriveUI(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	if strings.HasSuffix(host, ".tmprl.cloud") || strings.HasSuffix(host, ".api.temporal.io") {
		return "https://cloud.temporal.io"
	}
	number, err := strconv.Atoi(port)
	if ip := net.ParseIP(host); err != nil || (host != "localhost" && !ip.IsLoopback()) {
		return ""
	}
	return "http://localhost:" + strconv.Itoa(number+devUIOffset)
}

// isTerminal tells whether a person sees what is written there.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
