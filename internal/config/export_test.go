package config

import "strconv"

// Documented are all keys, with their defaults, for the test of docs/configuration.md.
func Documented() map[string]string {
	all := map[string]string{}
	for _, setting := range everything() {
		all[setting.name] = setting.fallback
	}
	for _, kind := range []credential{orgs, accounts} {
		for _, field := range kind.fields {
			all[kind.section+".<name>."+field] = map[string]string{fieldConcurrent: strconv.Itoa(kind.concurrent)}[field]
		}
	}
	for _, field := range ruleFields {
		all["rules[]."+field.name] = map[bool]string{true: "false"}[field.allowed != nil]
	}
	return all
}
