package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-systemd/v22/unit"
)

const (
	service     = "systemd/accessbridge-worker.service"
	credentials = "/run/credentials/accessbridge-worker.service/"
)

// options are the values of an option in the section Service, in their order.
func options(t *testing.T, name string) []string {
	t.Helper()
	read, err := unit.DeserializeOptions(strings.NewReader(read(t, service)))
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, option := range read {
		if option.Section == "Service" && option.Name == name {
			values = append(values, option.Value)
		}
	}
	if len(values) == 0 {
		t.Fatalf("%s has no %s", service, name)
	}
	return values
}

func TestSystemd_StartsTheWorkerWithFlagsThatItHas(t *testing.T) {
	t.Parallel()
	command := strings.Fields(options(t, "ExecStart")[0])
	loaded := loadConfig(t, "systemd/worker.yaml", credentials, command[1:], nil)
	stop, err := time.ParseDuration(options(t, "TimeoutStopSec")[0])
	if err != nil {
		t.Fatal(err)
	}
	if stop <= loaded.ShutdownTimeout {
		t.Errorf("systemd kills the worker after %s, and it takes up to %s to stop", stop, loaded.ShutdownTimeout)
	}
	if loaded.HealthAddress == "" {
		t.Error("the worker serves no health endpoint")
	}
}

func TestSystemd_LoadsEveryCredentialThatTheConfigurationNames(t *testing.T) {
	t.Parallel()
	var loads, names []string
	for _, credential := range options(t, "LoadCredential") {
		name, _, _ := strings.Cut(credential, ":")
		loads = append(loads, name)
	}
	for _, line := range strings.Split(read(t, "systemd/worker.yaml"), "\n") {
		if _, name, found := strings.Cut(line, credentials); found {
			names = append(names, name)
		}
	}
	slices.Sort(loads)
	slices.Sort(names)
	if !slices.Equal(loads, names) {
		t.Errorf("the service loads %v, and the configuration names %v", loads, names)
	}
}

// analyze runs systemd-analyze on the service, with a program that this machine has in the place of the worker, and returns what it says.
func analyze(t *testing.T, arguments ...string) string {
	t.Helper()
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze on this machine")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), filepath.Base(service))
	write(t, copied, strings.ReplaceAll(read(t, service), strings.Fields(options(t, "ExecStart")[0])[0], self))
	said, err := exec.CommandContext(t.Context(), tool, append(arguments, copied)...).CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze %s: %v\n%s", strings.Join(arguments, " "), err, said)
	}
	return string(said)
}

func TestSystemd_IsAService(t *testing.T) {
	t.Parallel()
	// An option that systemd doesn't know is only said, and is no error.
	if said := analyze(t, "verify", "--man=no", "--recursive-errors=no"); strings.Contains(said, filepath.Base(service)+":") {
		t.Error(said)
	}
}

func TestSystemd_ConfinesTheService(t *testing.T) {
	t.Parallel()
	// Tenths of systemd's exposure level: 0 is confined, 100 is not at all.
	analyze(t, "security", "--offline=true", "--no-pager", "--threshold=13")
}
