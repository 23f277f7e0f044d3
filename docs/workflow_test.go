package docs_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// workflow is what the files in .github/workflows may hold. A key that isn't here is probably misspelt.
type workflow struct {
	Name        string
	On          map[string]any
	Permissions map[string]string
	Concurrency map[string]any
	Jobs        map[string]struct {
		RunsOn         string `yaml:"runs-on"`
		TimeoutMinutes int    `yaml:"timeout-minutes"`
		Permissions    map[string]string
		Steps          []struct {
			Name, Uses, Run string
			With            map[string]any
			Env             map[string]string
		}
	}
}

func loadWorkflow(t *testing.T, file string) workflow {
	t.Helper()
	var loaded workflow
	if err := yaml.UnmarshalWithOptions([]byte(read(t, file)), &loaded, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return loaded
}

func workflowFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no workflows: %v", err)
	}
	for i := range files {
		files[i], _ = filepath.Rel(root, files[i])
	}
	return files
}

func TestWorkflow_PinsEveryActionAndRunner(t *testing.T) {
	t.Parallel()
	// The version behind the commit is for people; only the text has it.
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	for _, file := range workflowFiles(t) {
		for _, use := range regexp.MustCompile(`(?m)uses: *(.*)$`).FindAllStringSubmatch(read(t, file), -1) {
			if !pinned.MatchString(use[1]) {
				t.Errorf("%s uses %q, which is not pinned to a commit with its version behind it", file, use[1])
			}
		}
		for name, job := range loadWorkflow(t, file).Jobs {
			if !regexp.MustCompile(`^ubuntu-\d+\.\d+$`).MatchString(job.RunsOn) {
				t.Errorf("%s: %s runs on %q, which is not pinned to a version", file, name, job.RunsOn)
			}
		}
	}
}

func TestWorkflow_HasNoMoreRightsThanItNeeds(t *testing.T) {
	t.Parallel()
	for _, file := range workflowFiles(t) {
		loaded := loadWorkflow(t, file)
		if len(loaded.Permissions) != 1 || loaded.Permissions["contents"] != "read" {
			t.Errorf("%s gives every job the permissions %v", file, loaded.Permissions)
		}
		for name, job := range loaded.Jobs {
			if job.TimeoutMinutes == 0 {
				t.Errorf("%s: %s has no time limit", file, name)
			}
			for _, step := range job.Steps {
				if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != false {
					t.Errorf("%s: %s leaves its credentials to every later step", file, name)
				}
			}
		}
	}
}

func TestWorkflow_OfChangesRunsTheScript(t *testing.T) {
	t.Parallel()
	loaded := loadWorkflow(t, ".github/workflows/ci.yml")
	if _, both := loaded.On["pull_request"]; !both || loaded.On["push"] == nil {
		t.Errorf("it runs on %v", loaded.On)
	}
	steps := loaded.Jobs["check"].Steps
	if len(steps) == 0 || steps[len(steps)-1].Run != "bash .ci/run" {
		t.Errorf("the last step isn't the script: %+v", steps)
	}
	if !strings.Contains(read(t, ".ci/run"), "\nmake test\n") {
		t.Error("the script runs no tests")
	}
}
