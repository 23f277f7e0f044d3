package main

import (
	"github.com/invopop/jsonschema"

	"github.com/accessbridge/accessbridge/connection"
)

// rule adds to a field's schema what its type doesn't say.
type rule func(*jsonschema.Schema)

// rules are those of Validate that a schema can say. Validate is the judge; these let an editor tell earlier.
var rules = map[string]rule{
	"name":                         identifier,
	"okta":                         func(s *jsonschema.Schema) { s.Required = []string{"assign_groups"} },
	"okta.org":                     identifier,
	"okta.app_label":               text(connection.MaxLabelLength),
	"okta.groups_claim":            oneKindOfClaim,
	"okta.groups_claim.filter":     oneOf(connection.FilterRegex, connection.FilterStartsWith, connection.FilterEquals, connection.FilterContains),
	"okta.groups_claim.value":      groupName,
	"okta.groups_claim.expression": text(connection.MaxExpressionLength),
	"okta.assign_groups":           func(s *jsonschema.Schema) { list(groupName)(s); s.MinItems = new(uint64(1)) },
	"cloudflare.account":           identifier,
	"cloudflare.idp_name":          text(connection.MaxTextLength),
	"policy.name":                  text(connection.MaxTextLength),
	"policy.allow.groups":          list(groupName),
	"policy.allow.emails":          list(pattern(`^[^@\s]+@([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*$`, "ceo@acme.example")),
	"policy.allow.email_domains":   list(pattern(`^([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*$`, "acme.example")),
	"policy.applications":          list(pattern(`^([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[A-Za-z0-9*-]+(\.[A-Za-z0-9*-]+)+(/\S*)?)$`, "wiki.acme.example")),
	"on_failure":                   oneOf(connection.OnFailureRollback, connection.OnFailurePause),
	"pause_timeout":                pattern(duration, "24h"),
	"time_budget":                  pattern(duration, "15m"),
}

// duration is the form of a length of time.
const duration = `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`

func identifier(s *jsonschema.Schema) {
	pattern(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`, "acme")(s)
	s.MaxLength = new(uint64(connection.MaxNameLength))
}

// oneKindOfClaim asks for a filter with its value, or for an expression.
func oneKindOfClaim(s *jsonschema.Schema) {
	s.DependentRequired = map[string][]string{"filter": {"value"}, "value": {"filter"}}
	s.Not = &jsonschema.Schema{Required: []string{"filter", "expression"}}
}

// groupName is the name of a group, or its id. It may have white space at its ends.
func groupName(s *jsonschema.Schema) {
	s.MaxLength = new(uint64(connection.MaxTextLength))
	s.Pattern = `\S`
}

// text is a text with no white space at its ends.
func text(most uint64) rule {
	return func(s *jsonschema.Schema) {
		s.MaxLength = new(most)
		s.Pattern = `^\S(.*\S)?$`
	}
}

func pattern(form, example string) rule {
	return func(s *jsonschema.Schema) {
		s.Type = "string" // a Duration is a number to Go only
		s.Pattern = form
		s.Examples = []any{example}
	}
}

func list(entry rule) rule {
	return func(s *jsonschema.Schema) {
		entry(s.Items)
		s.UniqueItems = true
		s.MaxItems = new(uint64(connection.MaxEntries))
	}
}

func oneOf[T any](values ...T) rule {
	return func(s *jsonschema.Schema) {
		for _, value := range values {
			s.Enum = append(s.Enum, value)
		}
	}
}
