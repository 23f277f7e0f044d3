package deploy_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
)

// lookUpWithin bounds the questions to the module proxy.
const lookUpWithin = 30 * time.Second

// pin is a version that this repository names, and the releases that could replace it.
type pin struct {
	what, module, version string
	// line is what the releases begin with: a server isn't upgraded across minor versions by changing a tag.
	line string
}

// TestVersions_AreTheNewest says which pinned versions have newer ones. It fails for none: a release by others breaks nothing here.
// `make versions` shows what it says.
func TestVersions_AreTheNewest(t *testing.T) {
	t.Parallel()
	pins := slices.Concat(images(project(t).Services), tools(t, "../tools/go.mod"), tools(t, "../tools/release/go.mod"))
	known := releases(t, pins)
	for _, pin := range pins {
		if newest := newestOf(known[pin.module], pin.line); newest != "" && newest != pin.version {
			t.Logf("%s has version %s; %s is there", pin.what, pin.version, newest)
		}
	}
}

// images are the pins of Temporal's images. Their tags are the versions of the modules that they are built from.
func images(services types.Services) []pin {
	version := func(service string) string {
		_, tag, _ := strings.Cut(services[service].Image, ":")
		return "v" + tag
	}
	server := version("temporal")
	return []pin{
		{"the image temporalio/server", "go.temporal.io/server", server, server[:strings.LastIndex(server, ".")+1]},
		{"the image temporalio/ui", "github.com/temporalio/ui-server/v2", version("temporal-ui"), "v"},
	}
}

// tools are the pins of a module of tools.
func tools(t *testing.T, module string) []pin {
	t.Helper()
	var file struct {
		Tool    []struct{ Path string }
		Require []struct{ Path, Version string }
	}
	run(t, t.Context(), &file, "go", "mod", "edit", "-json", module)
	var pins []pin
	for _, tool := range file.Tool {
		found := pin{what: tool.Path, line: "v"}
		for _, required := range file.Require {
			// A module can be in another one's folder: the longest path is the tool's.
			if strings.HasPrefix(tool.Path+"/", required.Path+"/") && len(required.Path) > len(found.module) {
				found.module, found.version = required.Path, required.Version
			}
		}
		if found.module == "" {
			t.Errorf("%s requires no module of %s", module, tool.Path)
		}
		pins = append(pins, found)
	}
	return pins
}

// releases asks the module proxy which versions there are of each module.
func releases(t *testing.T, pins []pin) map[string][]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lookUpWithin)
	defer cancel()
	known := map[string][]string{}
	for _, pin := range pins {
		var module struct{ Versions []string }
		run(t, ctx, &module, "go", "list", "-m", "-versions", "-json", pin.module)
		known[pin.module] = module.Versions
	}
	return known
}

// run runs a command outside of every module and reads its answer. Without an answer the test is skipped.
func run(t *testing.T, ctx context.Context, answer any, name string, arguments ...string) {
	t.Helper()
	command := exec.CommandContext(ctx, name, arguments...)
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	said, err := command.Output()
	if err != nil {
		t.Skipf("the module proxy doesn't answer: %s: %v", strings.Join(arguments, " "), err)
	}
	if err := json.Unmarshal(said, answer); err != nil {
		t.Fatal(err)
	}
}

// newestOf is the newest release of a line; versions come in their order.
func newestOf(versions []string, line string) string {
	release := regexp.MustCompile(`^v\d+\.\d+\.\d+$`)
	for _, version := range slices.Backward(versions) {
		if strings.HasPrefix(version, line) && release.MatchString(version) {
			return version
		}
	}
	return ""
}

func TestNewestOf(t *testing.T) {
	t.Parallel()
	versions := []string{"v1.30.8", "v1.30.9", "v1.30.10", "v1.30.11-rc.1", "v1.31.0"}
	for line, want := range map[string]string{"v1.30.": "v1.30.10", "v": "v1.31.0", "v2.": ""} {
		if got := newestOf(versions, line); got != want {
			t.Errorf("of the line %s the newest is %q, want %q", line, got, want)
		}
	}
}
