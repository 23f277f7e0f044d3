package document_test

import (
	"errors"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// standIn is what Terraform itself can import, in place of the app on the page: how it forgets a resource is no matter of a provider.
const standIn = "terraform_data.imported"

const (
	importBlock = `
import {
  to = ` + standIn + `
  id = "0oa1a2b3c4d5e6f7g8h9"
}
`
	resourceBlock = `
resource "terraform_data" "imported" {
  lifecycle {
    prevent_destroy = true
  }
}
`
)

// imported is a directory whose state has the stand-in.
func imported(t *testing.T) string {
	t.Helper()
	directory := module(t, importBlock+resourceBlock)
	if said, err := terraform(t, directory, "", "apply", "-auto-approve", "-input=false"); err != nil {
		t.Fatalf("terraform apply: %v: %s", err, said)
	}
	return directory
}

// removedBlock is the page's, for the stand-in.
func removedBlock(t *testing.T) string {
	t.Helper()
	for _, example := range examplesOf(t, "hcl") {
		if strings.HasPrefix(example, "removed {") {
			return strings.ReplaceAll(example, "okta_app_oauth.imported", standIn)
		}
	}
	t.Fatal("docs/terraform.md has no removed block")
	return ""
}

// TestTerraformPage_Forgetting_LeavesNothingToPlan does what the page says before a disconnect, each way.
func TestTerraformPage_Forgetting_LeavesNothingToPlan(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(t *testing.T, directory string){
		"by a removed block": func(t *testing.T, directory string) {
			configure(t, directory, removedBlock(t))
			if said, err := terraform(t, directory, "", "apply", "-auto-approve", "-no-color"); err != nil || !strings.Contains(said, "0 destroyed") {
				t.Errorf("terraform apply: %v: %s", err, said)
			}
		},
		"by the command": func(t *testing.T, directory string) {
			configure(t, directory, "")
			for _, command := range examplesOf(t, "sh") {
				arguments := strings.Fields(strings.ReplaceAll(command, "okta_app_oauth.imported", standIn))
				if said, err := terraform(t, directory, "", arguments[1:]...); err != nil {
					t.Errorf("%s: %v: %s", command, err, said)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			directory := imported(t)
			forget(t, directory)
			if code, said := planOf(t, directory); code != nothingPlanned {
				t.Errorf("the plan ends with %d: %s", code, said)
			}
			if said, err := terraform(t, directory, "", "state", "list"); err != nil || strings.Contains(said, standIn) {
				t.Errorf("terraform state list: %v: %s", err, said)
			}
		})
	}
}

// TestTerraformPage_ForgettingByHalves_IsAsThePageWarns shows what comes of each block that is left, and of leaving out removed.
func TestTerraformPage_ForgettingByHalves_IsAsThePageWarns(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		configuration string
		code          int
		says          string
	}{
		"the resource is left":           {resourceBlock + removedBlock(t), planRefused, "Removed resource still exists"},
		"the import is left":             {importBlock + removedBlock(t), planRefused, "does not exist|no configuration"},
		"no removed block, as protected": {"", changesPlanned, "1 to destroy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			directory := imported(t)
			configure(t, directory, test.configuration)
			if code, said := planOf(t, directory); code != test.code || !regexp.MustCompile(test.says).MatchString(said) {
				t.Errorf("the plan ends with %d, want %d and %q: %s", code, test.code, test.says, said)
			}
		})
	}
}

// The exit codes of a plan that is asked for them.
const (
	nothingPlanned = 0
	planRefused    = 1
	changesPlanned = 2
)

// planOf plans, and returns the exit code and what is said.
func planOf(t *testing.T, directory string) (code int, said string) {
	t.Helper()
	said, err := terraform(t, directory, "", "plan", "-detailed-exitcode", "-input=false", "-no-color")
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ended.ExitCode(), said
	}
	if err != nil {
		t.Fatalf("terraform plan: %v: %s", err, said)
	}
	return nothingPlanned, said
}
