package temporal_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/devserver/devservertest"
	"github.com/accessbridge/accessbridge/internal/temporal"
)

// variables is an environment of its own, so that tests don't depend on the machine's.
type variables map[string]string

func (v variables) LookupEnv(name string) (string, bool) {
	value, found := v[name]
	return value, found
}

func (v variables) Environ() []string {
	entries := make([]string, 0, len(v))
	for name, value := range v {
		entries = append(entries, name+"="+value)
	}
	return entries
}

func TestResolve_TakesTheStrongestSource(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "temporal.toml")
	content := "[profile.default]\naddress = \"file:1\"\nnamespace = \"from-file\"\n[profile.cloud]\naddress = \"cloud:2\"\n"
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(t.TempDir(), "none.toml")
	for name, test := range map[string]struct {
		options            temporal.Options
		address, namespace string
	}{
		"nothing said": {temporal.Options{ConfigFile: none, Environment: variables{}}, "localhost:7233", "default"},
		"file":         {temporal.Options{ConfigFile: file, Environment: variables{}}, "file:1", "from-file"},
		"profile":      {temporal.Options{ConfigFile: file, Profile: "cloud", Environment: variables{}}, "cloud:2", "default"},
		"variable over file": {
			temporal.Options{Environment: variables{"TEMPORAL_CONFIG_FILE": file, "TEMPORAL_ADDRESS": "variable:3"}}, "variable:3", "from-file",
		},
		"option over variable": {
			temporal.Options{ConfigFile: file, Address: "option:4", Namespace: "mine", Environment: variables{"TEMPORAL_ADDRESS": "variable:3"}}, "option:4", "mine",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resolved, err := temporal.Resolve(test.options)
			if err != nil {
				t.Fatal(err)
			}
			if resolved.HostPort != test.address || resolved.Namespace != test.namespace {
				t.Errorf("resolved %s, namespace %s; want %s, %s", resolved.HostPort, resolved.Namespace, test.address, test.namespace)
			}
		})
	}
}

func TestResolve_UnknownProfile_SaysWhatToCheck(t *testing.T) {
	t.Parallel()
	_, err := temporal.Resolve(temporal.Options{ConfigFile: filepath.Join(t.TempDir(), "none.toml"), Profile: "prod", Environment: variables{}})
	if err == nil || !strings.Contains(err.Error(), "prod") || !strings.Contains(err.Error(), "TEMPORAL_PROFILE") {
		t.Errorf("the error names neither the profile nor the variable: %v", err)
	}
}

func TestWarning_OnlyBeyondThisMachineWithoutTLS(t *testing.T) {
	t.Parallel()
	none, secured := filepath.Join(t.TempDir(), "none.toml"), filepath.Join(t.TempDir(), "secured.toml")
	if err := os.WriteFile(secured, []byte("[profile.default.tls]\nserver_name = \"temporal.internal\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		address     string
		environment variables
		warned      bool
	}{
		"by name":                         {"localhost:7233", variables{}, false},
		"by address":                      {"127.0.0.1:7233", variables{}, false},
		"by IPv6":                         {"[::1]:7233", variables{}, false},
		"elsewhere":                       {"temporal.internal:7233", variables{}, true},
		"elsewhere by TLS":                {"temporal.internal:7233", variables{"TEMPORAL_TLS": "true"}, false},
		"elsewhere by tls in the profile": {"temporal.internal:7233", variables{"TEMPORAL_CONFIG_FILE": secured}, false},
		"elsewhere by a key":              {"acme.tmprl.cloud:7233", variables{"TEMPORAL_API_KEY": "k"}, false},
	} {
		if test.environment["TEMPORAL_CONFIG_FILE"] == "" {
			test.environment["TEMPORAL_CONFIG_FILE"] = none
		}
		resolved, err := temporal.Resolve(temporal.Options{Address: test.address, Environment: test.environment})
		if err != nil {
			t.Fatal(err)
		}
		if warning := temporal.Warning(resolved); (warning != "") != test.warned || test.warned && !strings.Contains(warning, "TEMPORAL_TLS=true") {
			t.Errorf("%s: the warning is %q", name, warning)
		}
	}
}

func TestDial_NobodyThere_NamesTheAddress(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, err = temporal.Dial(t.Context(), temporal.Options{Address: address, Within: time.Second, Environment: variables{}})
	t.Log(err)
	if err == nil || !strings.Contains(err.Error(), address) {
		t.Errorf("the error doesn't name %s: %v", address, err)
	}
}

func TestDial_ReachesTheServer(t *testing.T) {
	t.Parallel()
	server := devservertest.Start(t.Context(), t, devserver.Options{})
	dialled, err := temporal.Dial(t.Context(), temporal.Options{Address: server.Address, Environment: variables{}})
	if err != nil {
		t.Fatal(err)
	}
	dialled.Close()
}
