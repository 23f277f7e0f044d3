package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io"
	"maps"
	"slices"
	"strings"
)

// finding is a vulnerability that a program has.
type finding struct {
	ID           string `json:"osv"`
	FixedVersion string `json:"fixed_version"`
	Trace        []struct {
		Module   string `json:"module"`
		Version  string `json:"version"`
		Package  string `json:"package"`
		Function string `json:"function"`
	} `json:"trace"`
}

// findings are the vulnerabilities whose code is in a program, by their ids.
type findings map[string]finding

// Go's own libraries, as govulncheck calls them. Which Go builds a program is not for its source to say.
var ofGo = []string{"stdlib", "toolchain"}

// accepted are vulnerabilities that stay, and why.
var accepted = map[string]string{}

// read reads govulncheck's answer, a row of JSON objects. What is in a module, but not in the program, is left out.
func read(answer io.Reader) (findings, error) {
	found := findings{}
	for decoder := json.NewDecoder(answer); ; {
		var message struct{ Finding *finding }
		err := decoder.Decode(&message)
		switch {
		case errors.Is(err, io.EOF):
			return found, nil
		case err != nil:
			return nil, err
		case message.Finding != nil && len(message.Finding.Trace) > 0 && message.Finding.Trace[0].Function != "":
			found[message.Finding.ID] = *message.Finding
		}
	}
}

// tell prints what was found in a program, and reports whether there is nothing to mend.
func (f findings) tell(out io.Writer, program string) (clean bool) {
	clean = true
	newest := ""
	own := 0
	for _, id := range slices.Sorted(maps.Keys(f)) {
		found := f[id]
		at := found.Trace[0]
		if slices.Contains(ofGo, at.Module) {
			own++
			if fixed := strings.Replace(found.FixedVersion, "v", "go", 1); version.Compare(fixed, newest) > 0 {
				newest = fixed
			}
			continue
		}
		if why := accepted[id]; why != "" {
			fmt.Fprintf(out, "%s: %s in %s %s stays: %s\n", program, id, at.Module, at.Version, why)
			continue
		}
		clean = false
		fixed := "no version fixes it yet"
		if found.FixedVersion != "" {
			fixed = "fixed in " + found.FixedVersion + ": go get " + at.Module + "@" + found.FixedVersion
		}
		fmt.Fprintf(out, "%s: %s in %s %s (%s.%s); %s; https://pkg.go.dev/vuln/%s\n", program, id, at.Module, at.Version, at.Package, at.Function, fixed, id)
	}
	if own > 0 {
		fmt.Fprintf(out, "%s: the Go that built it has %d known vulnerabilities, the last of them fixed in %s: build releases with that or a later one: GOTOOLCHAIN=%s\n", program, own, newest, newest)
	}
	if clean {
		fmt.Fprintf(out, "%s: no known vulnerability in what it is made of\n", program)
	}
	return clean
}
