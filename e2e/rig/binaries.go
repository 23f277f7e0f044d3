package rig

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// Binaries are the programs that a rig runs.
type Binaries struct{ Worker, Starter string }

// coverFolder is where the programs leave the counts of what they executed when they end; "" builds them without counters. A
// program that is killed leaves none.
var coverFolder = os.Getenv("ACCESSBRIDGE_COVER")

// covered are the packages whose code is counted: what people run, not what tests it.
const covered = "./activities,./connection/...,./internal/...,./starter/...,./worker,./workflows"

// Build builds the programs once in a process; with the race detector when this program has it, and with counters of what they
// execute when ACCESSBRIDGE_COVER names a folder.
var Build = sync.OnceValues(build)

func build() (Binaries, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("find the module's folder: %w", err)
	}
	folder := filepath.Join(strings.TrimSpace(string(root)), "bin")
	args := []string{"build"}
	if raceDetector {
		folder = filepath.Join(folder, "race")
		args = append(args, "-race")
	}
	if coverFolder != "" {
		folder = filepath.Join(folder, "cover")
		args = append(args, "-cover", "-coverpkg="+covered)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return Binaries{}, err
	}
	command := exec.Command("go", append(args, "-o", folder+string(filepath.Separator), "./worker", "./starter")...)
	command.Dir = strings.TrimSpace(string(root))
	if output, err := command.CombinedOutput(); err != nil {
		return Binaries{}, fmt.Errorf("build the worker and the starter: %w: %s", err, output)
	}
	return Binaries{Worker: filepath.Join(folder, "worker"), Starter: filepath.Join(folder, "starter")}, nil
}

// Beside are the programs that were built into the folder of this one, as `make build` does.
func Beside() (Binaries, error) {
	self, err := os.Executable()
	if err != nil {
		return Binaries{}, fmt.Errorf("find the folder of this program: %w", err)
	}
	folder := filepath.Dir(self)
	binaries := Binaries{Worker: filepath.Join(folder, "worker"), Starter: filepath.Join(folder, "starter")}
	for _, binary := range []string{binaries.Worker, binaries.Starter} {
		if _, err := os.Stat(binary); err != nil {
			return Binaries{}, fmt.Errorf("find the programs beside %s: %w; run `make build`", self, err)
		}
	}
	return binaries, nil
}
