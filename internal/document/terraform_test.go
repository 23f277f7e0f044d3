package document_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/document"
)

// examplesOf are the examples in a language on the page about Terraform.
func examplesOf(t *testing.T, language string) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/terraform.md")
	if err != nil {
		t.Fatal(err)
	}
	var examples []string
	for _, found := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		examples = append(examples, found[1])
	}
	if len(examples) == 0 {
		t.Fatalf("docs/terraform.md has no example in %s", language)
	}
	return examples
}

func TestTerraformPage_Document_IsAConnectionThatAdopts(t *testing.T) {
	t.Parallel()
	for _, example := range examplesOf(t, "yaml") {
		if spec, err := document.Parse([]byte(example), "docs/terraform.md"); err != nil || !spec.Adopt {
			t.Errorf("adopt %v, %v in\n%s", spec.Adopt, err, example)
		}
	}
}

// TestTerraformPage_Apps_KeepTheMemory: an app without this would lose what the connection remembers.
func TestTerraformPage_Apps_KeepTheMemory(t *testing.T) {
	t.Parallel()
	apps := regexp.MustCompile(`(?s)resource "okta_app_oauth" .*?\n}\n`).FindAllString(strings.Join(examplesOf(t, "hcl"), "\n"), -1)
	if len(apps) != 2 {
		t.Errorf("%d apps, want one that is imported and one that is adopted", len(apps))
	}
	for _, app := range apps {
		if !regexp.MustCompile(`ignore_changes += \[profile`).MatchString(app) {
			t.Errorf("Terraform would take the memory away:\n%s", app)
		}
	}
}

func TestTerraformPage_Examples_AreWellFormed(t *testing.T) {
	t.Parallel()
	for _, example := range examplesOf(t, "hcl") {
		if said, err := terraform(t, t.TempDir(), example, "fmt", "-check", "-diff", "-no-color", "-"); err != nil {
			t.Errorf("terraform fmt: %v: %s\n%s", err, said, example)
		}
	}
}

// TestTerraformPage_Examples_AreOneModule has Terraform load them, which takes no provider: it refuses what is Terraform's own, such as a
// misspelt block or an argument of lifecycle, and what is declared twice.
func TestTerraformPage_Examples_AreOneModule(t *testing.T) {
	t.Parallel()
	said, err := terraform(t, pageModule(t), "", "providers", "-no-color")
	if err != nil {
		t.Fatalf("terraform providers: %v: %s", err, said)
	}
	for _, provider := range []string{"okta/okta] ~> 6.12", "cloudflare/cloudflare] ~> 5.22"} {
		if !strings.Contains(said, provider) {
			t.Errorf("the module doesn't require %s: %s", provider, said)
		}
	}
}

func TestTerraformPage_Examples_AreWhatTheProvidersTake(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("downloads the providers of Okta and Cloudflare")
	}
	directory := pageModule(t)
	said, err := terraform(t, directory, "", "init", "-backend=false", "-input=false", "-no-color")
	if err != nil && strings.Contains(said, "could not connect to") {
		t.Skipf("there is no registry to get the providers from: %s", said)
	}
	if err != nil {
		t.Fatalf("terraform init: %v: %s", err, said)
	}
	if said, err := terraform(t, directory, "", "validate", "-no-color"); err != nil {
		t.Errorf("terraform validate: %v: %s", err, said)
	}
}

// pageModule is a directory with all examples of the page: together they are one module. Only a plan refuses the removed block beside its
// resource.
func pageModule(t *testing.T) string {
	t.Helper()
	return module(t, strings.Join(examplesOf(t, "hcl"), "\n"))
}

// module is a directory with a configuration of Terraform's.
func module(t *testing.T, configuration string) string {
	t.Helper()
	directory := t.TempDir()
	configure(t, directory, configuration)
	return directory
}

// configure replaces the configuration in a directory.
func configure(t *testing.T, directory, configuration string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(directory, "main.tf"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
}

// terraform runs Terraform or OpenTofu, and returns what it says. The test is skipped where there is neither.
func terraform(t *testing.T, directory, input string, arguments ...string) (string, error) {
	t.Helper()
	path, err := exec.LookPath("terraform")
	if err != nil {
		path, err = exec.LookPath("tofu")
	}
	if err != nil {
		t.Skip("neither terraform nor tofu is on PATH")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, path, arguments...)
	command.Dir, command.Stdin = directory, strings.NewReader(input)
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	said, err := command.CombinedOutput()
	return strings.Join(strings.Fields(string(said)), " "), err // its lines are broken anywhere
}
