package config

import (
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/internal/nearest"
)

// starterVariable is the command line's alone; somebody who sets it for both means no fault.
const starterVariable = variablePrefix + "UI_URL"

// environment reads the worker's variables, as settings by key, and the faults of variables that no setting has.
// A variable that is set to nothing counts as not set.
func environment(environ []string) (map[string]string, Faults) {
	known := map[string]string{variable(configKey): configKey}
	for _, setting := range everything() {
		known[variable(setting.name)] = setting.name
	}
	settings := map[string]string{}
	var faults Faults
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, variablePrefix) || value == "" || name == starterVariable {
			continue
		}
		setting, ok := known[name]
		if !ok {
			setting, ok = credentialKey(name)
		}
		if !ok {
			faults.add(name, "is a variable that the worker doesn't know%s", meant(name, known))
			continue
		}
		settings[setting] = value
	}
	return settings, faults
}

// credentialKey is the key that a variable such as ACCESSBRIDGE_OKTA_ORGS_ACME_EU_API_TOKEN sets: okta.orgs.acme-eu.api_token.
// Names hold no underscores, so each underscore in a name stands for a hyphen.
func credentialKey(name string) (string, bool) {
	for _, kind := range []credential{orgs, accounts} {
		rest, found := strings.CutPrefix(name, variable(kind.section)+"_")
		if !found {
			continue
		}
		for _, field := range kind.fields {
			if entry, found := strings.CutSuffix(rest, "_"+strings.ToUpper(field)); found && entry != "" {
				return kind.section + "." + strings.ToLower(strings.ReplaceAll(entry, "_", "-")) + "." + field, true
			}
		}
	}
	return "", false
}

// meant is the end of a sentence about an unknown variable: which one its writer may have meant.
func meant(name string, known map[string]string) string {
	for _, kind := range []credential{orgs, accounts} {
		if strings.HasPrefix(name, variable(kind.section)+"_") {
			return "; the variables of " + kind.section + " end in _" + strings.ToUpper(strings.Join(kind.fields, ", _"))
		}
	}
	names := make([]string, 0, len(known))
	for candidate := range known {
		names = append(names, candidate)
	}
	slices.Sort(names)
	if name := nearest.Name(name, names); name != "" {
		return "; did you mean " + name + "?"
	}
	return ""
}
