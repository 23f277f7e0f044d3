// Package deploy has no code: its test reads what people deploy.
package deploy_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/accessbridge/accessbridge/internal/config"
)

// project loads docker-compose.yml as the tool does, with every profile.
func project(t *testing.T, profiles ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{"../docker-compose.yml"}, cli.WithProfiles(profiles), cli.WithWorkingDirectory(".."), cli.WithConsistency(true))
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func names(services types.Services) []string {
	var all []string
	for name := range services {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func TestCompose_HasTheServicesOfEachProfile(t *testing.T) {
	t.Parallel()
	always := []string{"postgres", "temporal", "temporal-namespace", "temporal-schema", "temporal-ui", "worker"}
	for profile, more := range map[string][]string{"": nil, "sandbox": {"sandbox", "sandbox-worker"}, "tools": {"starter"}} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			want := slices.Sorted(slices.Values(slices.Concat(always, more)))
			if got := names(project(t, profile).Services); !slices.Equal(got, want) {
				t.Errorf("the services are %v, want %v", got, want)
			}
		})
	}
}

func TestCompose_StartsEachServiceAfterWhatItNeeds(t *testing.T) {
	t.Parallel()
	services := project(t, "*").Services
	for service, needs := range map[string]map[string]string{
		"temporal-schema":    {"postgres": types.ServiceConditionHealthy},
		"temporal":           {"temporal-schema": types.ServiceConditionCompletedSuccessfully},
		"temporal-namespace": {"temporal": types.ServiceConditionHealthy},
		"temporal-ui":        {"temporal-namespace": types.ServiceConditionCompletedSuccessfully},
		"worker":             {"temporal-namespace": types.ServiceConditionCompletedSuccessfully},
		"starter":            {"temporal-namespace": types.ServiceConditionCompletedSuccessfully},
		"sandbox-worker":     {"temporal-namespace": types.ServiceConditionCompletedSuccessfully, "sandbox": types.ServiceConditionHealthy},
	} {
		for need, condition := range needs {
			if got := services[service].DependsOn[need].Condition; got != condition {
				t.Errorf("%s waits for %s by %q, want %q", service, need, got, condition)
			}
		}
	}
}

func TestCompose_TellsTheHealthOfWhatRuns(t *testing.T) {
	t.Parallel()
	for name, service := range project(t, "*").Services {
		lasting := service.Restart == types.RestartPolicyUnlessStopped
		if lasting && (service.HealthCheck == nil || len(service.HealthCheck.Test) == 0 || service.HealthCheck.Retries == nil) {
			t.Errorf("%s has no health check", name)
		}
	}
}

func TestCompose_PinsEveryImage(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^[a-z/-]+:\d+\.\d+[\w.-]*$`)
	for name, service := range project(t, "*").Services {
		if service.Build == nil && !pinned.MatchString(service.Image) {
			t.Errorf("%s has the image %q, which is not pinned to a version", name, service.Image)
		}
	}
	for _, dockerfile := range []string{"../Dockerfile", "release.Dockerfile"} {
		for _, base := range regexp.MustCompile(`(?m)^FROM (?:--platform=\S+ )?(\S+)`).FindAllStringSubmatch(read(t, dockerfile), -1) {
			if base[1] != "scratch" && base[1] != "base" && !pinned.MatchString(base[1]) {
				t.Errorf("%s builds from %q, which is not pinned to a version", dockerfile, base[1])
			}
		}
	}
}

func TestCompose_OpensPortsToThisMachineOnly(t *testing.T) {
	t.Parallel()
	for name, service := range project(t, "*").Services {
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s opens port %s to %q", name, port.Published, port.HostIP)
			}
		}
		if service.NetworkMode == "host" || service.Privileged {
			t.Errorf("%s has the machine's network or its rights", name)
		}
	}
}

func TestCompose_ConfinesEveryService(t *testing.T) {
	t.Parallel()
	loaded := project(t, "*")
	for name, service := range loaded.Services {
		if !slices.Contains(service.CapDrop, "ALL") || !slices.Contains(service.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s keeps rights that it doesn't need: %v, %v", name, service.CapDrop, service.SecurityOpt)
		}
		if service.Build != nil && (!service.ReadOnly || service.User == "" || strings.HasPrefix(service.User, "0")) {
			t.Errorf("%s runs as %q, read-only %t", name, service.User, service.ReadOnly)
		}
		for _, volume := range service.Volumes {
			if service.Build != nil && name != "sandbox" && !volume.ReadOnly {
				t.Errorf("%s may write to %s", name, volume.Target)
			}
		}
	}
	if !loaded.Networks["database"].Internal {
		t.Error("the database's network reaches the outside")
	}
}

func TestCompose_BoundsWhatEveryServiceTakes(t *testing.T) {
	t.Parallel()
	for name, service := range project(t, "*").Services {
		if service.Deploy == nil || service.Deploy.Resources.Limits == nil {
			t.Errorf("%s may take the whole machine", name)
			continue
		}
		if limits := service.Deploy.Resources.Limits; limits.MemoryBytes == 0 || limits.NanoCPUs == 0 || limits.Pids == 0 {
			t.Errorf("%s lacks a limit: %+v", name, limits)
		}
	}
}

func TestCompose_HasTheToolsOfItsServer(t *testing.T) {
	t.Parallel()
	services := project(t).Services
	_, server, _ := strings.Cut(services["temporal"].Image, ":")
	for _, name := range []string{"temporal-schema", "temporal-namespace"} {
		if _, tools, _ := strings.Cut(services[name].Image, ":"); tools != server {
			t.Errorf("%s has version %s, the server %s", name, tools, server)
		}
	}
}

func TestCompose_HoldsNoSecret(t *testing.T) {
	t.Parallel()
	loaded := project(t, "*")
	secretive := regexp.MustCompile(`(?i)(pass|pwd|token|secret|key)`)
	for name, service := range loaded.Services {
		for variable, value := range service.Environment {
			if secretive.MatchString(variable) && (!strings.HasSuffix(variable, "_FILE") || value == nil || !strings.HasPrefix(*value, "/run/secrets/")) {
				t.Errorf("%s gets a secret by the variable %s", name, variable)
			}
		}
		for _, used := range service.Secrets {
			if loaded.Secrets[used.Source].File == "" {
				t.Errorf("%s uses the secret %s, which is no file", name, used.Source)
			}
		}
	}
	for name, secret := range loaded.Secrets {
		if !strings.Contains(secret.File, "/deploy/secrets/") || secret.Content != "" || secret.Environment != "" {
			t.Errorf("the secret %s is not in deploy/secrets: %q", name, secret.File)
		}
	}
	if got := read(t, "secrets/.gitignore"); got != "*\n!.gitignore\n" {
		t.Errorf("git may take secrets: %q", got)
	}
	if ignored := read(t, "../.dockerignore"); !strings.Contains(ignored, "\n*\n") || strings.Contains(ignored, "!deploy") {
		t.Error("images may take secrets")
	}
}

func TestCompose_KeepsTheDatabaseOnAVolume(t *testing.T) {
	t.Parallel()
	loaded := project(t)
	volumes := loaded.Services["postgres"].Volumes
	if len(volumes) != 1 || volumes[0].Type != types.VolumeTypeVolume || volumes[0].Source != "database" || volumes[0].Target != "/var/lib/postgresql/data" {
		t.Errorf("postgres has the volumes %+v", volumes)
	}
}

func TestCompose_KeepsTheSandboxApart(t *testing.T) {
	t.Parallel()
	services := project(t, "sandbox").Services
	if services["worker"].Environment["ACCESSBRIDGE_TASK_QUEUE"] != nil || *services["sandbox-worker"].Environment["ACCESSBRIDGE_TASK_QUEUE"] == "accessbridge" {
		t.Error("both workers listen on the same task queue")
	}
}

func TestCompose_GivesTheWorkerMoreTimeToStopThanItTakes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"worker", "sandbox-worker"} {
		grace := project(t, "*").Services[name].StopGracePeriod
		if loaded := loadWorker(t); grace == nil || time.Duration(*grace) <= loaded.ShutdownTimeout {
			t.Errorf("%s gets %v to stop, and takes up to %s", name, grace, loaded.ShutdownTimeout)
		}
	}
}

// loadWorker loads deploy/worker.yaml as the worker does in its container.
func loadWorker(t *testing.T) config.Config {
	t.Helper()
	var environ []string
	for variable, value := range project(t).Services["worker"].Environment {
		if variable != "ACCESSBRIDGE_CONFIG" && value != nil {
			environ = append(environ, variable+"="+*value)
		}
	}
	return loadConfig(t, "worker.yaml", "/run/secrets/", nil, environ)
}

func TestScripts_AreShell(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell")
	}
	scripts, err := filepath.Glob("temporal/*.sh")
	if err != nil || len(scripts) != 3 {
		t.Fatalf("the scripts are %v: %v", scripts, err)
	}
	for _, script := range append(scripts, "secrets.sh") {
		if out, err := exec.CommandContext(t.Context(), shell, "-n", script).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", script, err, out)
		}
	}
}
