package devserver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Binary is the Temporal command line that has the dev server in it: the one on PATH, or else the one that `make tools`
// built at the module's root.
func Binary() (string, error) {
	if path, err := exec.LookPath("temporal"); err == nil {
		return path, nil
	}
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, "bin", "temporal")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("find the Temporal dev server: no temporal on PATH, and no %s; run `make tools`, which builds it", path)
	}
	return path, nil
}

// moduleRoot is the nearest directory, from the working directory upwards, that has a go.mod.
func moduleRoot() (string, error) {
	directory, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the Temporal dev server: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(directory, "go.mod")); err == nil {
			return directory, nil
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			return "", errors.New("find the Temporal dev server: no temporal on PATH, and the working directory is in no Go module; " +
				"install Temporal's command line, or run this inside the project after `make tools`")
		}
		directory = parent
	}
}
