// Vulncheck looks for known vulnerabilities in built programs, with govulncheck and the Go vulnerability database. Both come through the Go
// module proxy, so that it works where nothing else can be reached.
//
//	vulncheck GOVULNCHECK FOLDER PROGRAM...
//
// FOLDER is where the database is laid out. It ends with status 1 where a vulnerability was found that can be mended here.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// database is the module that holds the Go vulnerability database. It has no releases: the newest is what there is.
const database = "golang.org/x/vulndb@latest"

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: vulncheck GOVULNCHECK FOLDER PROGRAM...")
		os.Exit(2)
	}
	clean, err := check(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !clean {
		os.Exit(1)
	}
}

// check reports whether nothing was found that can be mended here.
func check(govulncheck, folder string, programs []string) (clean bool, err error) {
	source, err := download()
	if err != nil {
		return false, err
	}
	folder, err = filepath.Abs(folder)
	if err != nil {
		return false, fmt.Errorf("find the folder of the vulnerability database: %w", err)
	}
	if err := lay(os.DirFS(filepath.Join(source, "data", "osv")), folder); err != nil {
		return false, err
	}
	clean = true
	for _, program := range programs {
		found, err := scan(govulncheck, folder, program)
		if err != nil {
			return false, err
		}
		clean = found.tell(os.Stdout, filepath.Base(program)) && clean
	}
	return clean, nil
}

// download fetches the database's module, and returns where it is.
func download() (folder string, err error) {
	outside, err := os.MkdirTemp("", "vulncheck-") // inside a module, it would become a requirement
	if err != nil {
		return "", fmt.Errorf("make a folder to download the vulnerability database from: %w", err)
	}
	defer func() { _ = os.RemoveAll(outside) }()
	command := exec.Command("go", "mod", "download", "-json", database)
	command.Dir, command.Stderr = outside, os.Stderr
	answer, err := command.Output()
	var module struct{ Dir, Error string }
	if parsed := json.Unmarshal(answer, &module); parsed != nil || module.Dir == "" {
		return "", fmt.Errorf("download the vulnerability database %s: %s %w", database, module.Error, errors.Join(err, parsed))
	}
	return module.Dir, nil
}

// vulnerable is govulncheck's status where it found something.
const vulnerable = 3

// scan looks through a program.
func scan(govulncheck, folder, program string) (findings, error) {
	command := exec.Command(govulncheck, "-db", "file://"+filepath.ToSlash(folder), "-mode", "binary", "-format", "json", program)
	command.Stderr = os.Stderr
	answer, err := command.Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == vulnerable) {
		return nil, fmt.Errorf("look for vulnerabilities in %s: %w", program, err)
	}
	found, err := read(bytes.NewReader(answer))
	if err != nil {
		return nil, fmt.Errorf("read what was found in %s: %w", program, err)
	}
	return found, nil
}
