package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// release is what of .goreleaser.yaml has to fit to other files here. goreleaser checks the rest.
type release struct {
	Builds []struct {
		ID, Main, Binary string
		Goos, Goarch     []string
		Ldflags          []string
	}
	Archives []struct{ Files, IDs []string }
	Sboms    []struct{ Cmd, Artifacts string }
	Checksum struct {
		NameTemplate string `yaml:"name_template"`
	}
	Dockers []struct {
		IDs, Platforms, Flags, Images []string
		Dockerfile                    string
	} `yaml:"dockers_v2"`
}

func loadRelease(t *testing.T) release {
	t.Helper()
	var loaded release
	if err := yaml.Unmarshal([]byte(read(t, "../.goreleaser.yaml")), &loaded); err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestRelease_IsAcceptedByGoreleaser(t *testing.T) {
	t.Parallel()
	tool, err := filepath.Abs("../bin/goreleaser")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tool); err != nil {
		t.Skip("bin/goreleaser isn't built; make release-check builds it, which takes some minutes")
	}
	command := exec.CommandContext(t.Context(), tool, "check")
	command.Dir = ".."
	if said, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

func TestRelease_HasBothProgramsForEachMachine(t *testing.T) {
	t.Parallel()
	loaded := loadRelease(t)
	var programs []string
	for _, build := range loaded.Builds {
		programs = append(programs, build.ID)
		if !slices.Equal(build.Goos, []string{"linux", "darwin"}) || !slices.Equal(build.Goarch, []string{"amd64", "arm64"}) {
			t.Errorf("%s is built for %v on %v", build.ID, build.Goos, build.Goarch)
		}
		if _, err := os.Stat(filepath.Join("..", build.Main, "main.go")); err != nil {
			t.Errorf("%s: %v", build.ID, err)
		}
	}
	if want := []string{"worker", "starter"}; !slices.Equal(programs, want) || len(loaded.Archives) != 1 || !slices.Equal(loaded.Archives[0].IDs, want) {
		t.Errorf("the programs are %v, and the archives %+v", programs, loaded.Archives)
	}
	if len(loaded.Sboms) != 1 || loaded.Sboms[0].Artifacts != "binary" || loaded.Checksum.NameTemplate == "" {
		t.Errorf("there is no bill of materials, or no checksums: %+v, %+v", loaded.Sboms, loaded.Checksum)
	}
	for _, pattern := range loaded.Archives[0].Files {
		if files, err := filepath.Glob(filepath.Join("..", pattern)); err != nil || len(files) == 0 {
			t.Errorf("nothing is %q, which every archive should have: %v", pattern, err)
		}
	}
}

func TestRelease_ImagesHaveTheirProgramAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, image := range loadRelease(t).Dockers {
		program := image.IDs[0]
		text := read(t, filepath.Join("..", image.Dockerfile))
		if !slices.Equal(image.Flags, []string{"--target=" + program}) || !strings.Contains(text, "AS "+program+"\n") || !strings.Contains(text, "COPY $TARGETPLATFORM/"+program+" /"+program+"\n") {
			t.Errorf("the image of %s is built from another program: %v", program, image.Flags)
		}
		if !slices.Equal(image.Platforms, []string{"linux/amd64", "linux/arm64"}) || !strings.HasSuffix(image.Images[0], "/accessbridge-"+program) {
			t.Errorf("the image of %s is %v for %v", program, image.Images, image.Platforms)
		}
		if !strings.Contains(text, "FROM scratch AS base\n") || !strings.Contains(text, "\nUSER 65532:65532\n") {
			t.Errorf("%s has more than its program, or runs it as root", image.Dockerfile)
		}
	}
}

// TestRelease_ProgramsSayTheirVersion builds one as the Dockerfile and goreleaser do.
func TestRelease_ProgramsSayTheirVersion(t *testing.T) {
	t.Parallel()
	dockerfile := regexp.MustCompile(`-ldflags "(.*)\$\{VERSION\}"`).FindStringSubmatch(read(t, "../Dockerfile"))
	if dockerfile == nil {
		t.Fatal("the Dockerfile's build has no argument VERSION")
	}
	flags := dockerfile[1] + "v9.8.7"
	for _, build := range loadRelease(t).Builds {
		if got := strings.ReplaceAll(build.Ldflags[0], "{{ .Tag }}", "v9.8.7"); got != flags {
			t.Errorf("goreleaser links %s with %q, the Dockerfile with %q", build.ID, got, flags)
		}
	}
	program := filepath.Join(t.TempDir(), "starter")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-ldflags", flags, "-o", program, "../starter").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if said, err := exec.CommandContext(t.Context(), program, "version").CombinedOutput(); err != nil || !strings.HasPrefix(string(said), "starter v9.8.7, built with go") {
		t.Errorf("it says %q, %v", said, err)
	}
}
