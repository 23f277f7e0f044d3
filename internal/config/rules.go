package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/internal/nearest"
	"github.com/accessbridge/accessbridge/internal/rules"
)

// ruleField is a key of a rule. It has one of the two readers: for a list of patterns, or for yes or no.
type ruleField struct {
	name     string
	patterns func(*rules.Rule) *[]string
	allowed  func(*rules.Rule) *bool
	form     patternForm
	required bool
}

// patternForm is what the patterns of a list look like.
type patternForm struct {
	is       func(string) bool
	accepted string
}

var (
	namePatterns = patternForm{rules.IsNamePattern, "it must be lower-case letters, digits, hyphens and *, such as acme-*"}
	hostPatterns = patternForm{rules.IsHostnamePattern, "it must be a hostname without a path, in which * stands for any characters, such as *.acme.example, or the id of an application"}
)

// ruleFields are the keys of a rule, in the order of docs/configuration.md.
var ruleFields = []ruleField{
	{name: "connections", patterns: func(r *rules.Rule) *[]string { return &r.Connections }, form: namePatterns, required: true},
	{name: "orgs", patterns: func(r *rules.Rule) *[]string { return &r.Orgs }, form: namePatterns, required: true},
	{name: "accounts", patterns: func(r *rules.Rule) *[]string { return &r.Accounts }, form: namePatterns, required: true},
	{name: "applications", patterns: func(r *rules.Rule) *[]string { return &r.Applications }, form: hostPatterns},
	{name: "adopt", allowed: func(r *rules.Rule) *bool { return &r.Adopt }},
	{name: "disconnect", allowed: func(r *rules.Rule) *bool { return &r.Disconnect }},
	{name: "prevent_disconnect", patterns: func(r *rules.Rule) *[]string { return &r.PreventDisconnect }, form: namePatterns},
	{name: "emails", allowed: func(r *rules.Rule) *bool { return &r.Emails }},
	{name: "everyone", allowed: func(r *rules.Rule) *bool { return &r.Everyone }},
}

// rules reads what the worker is allowed to do. Rules that say nothing are a mistake: they would allow everything, or nothing.
func (l *loader) rules() rules.Rules {
	if !slices.ContainsFunc(l.viper.AllKeys(), isRules) {
		return nil
	}
	entries, isList := l.viper.Get(rules.Key).([]any)
	if !isList || len(entries) == 0 {
		l.faults.add(rules.Key, "must be a list of at least one rule; leave it out to allow everything")
		return nil
	}
	all := make(rules.Rules, len(entries))
	for i, entry := range entries {
		all[i] = l.rule(fmt.Sprintf("%s[%d]", rules.Key, i), entry)
	}
	return all
}

// isRules reports whether a key is that of the rules, or below it.
func isRules(name string) bool { return name == rules.Key || strings.HasPrefix(name, rules.Key+".") }

func (l *loader) rule(place string, entry any) rules.Rule {
	var rule rules.Rule
	written, isSection := entry.(map[string]any)
	if !isSection {
		l.faults.add(place, "is %s; it must be a section with the keys %s", kind(entry), strings.Join(ruleKeys(), ", "))
		return rule
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if !slices.Contains(ruleKeys(), name) {
			l.faults.add(place+"."+name, "is a key that no rule has%s", meantOf(name))
		}
	}
	for _, field := range ruleFields {
		value, there := written[field.name]
		switch key := place + "." + field.name; {
		case !there && field.required:
			l.faults.add(key, "is missing; it must be a list of names, in which * stands for any characters")
		case !there:
		case field.allowed != nil:
			*field.allowed(&rule) = l.ruleAllows(key, value)
		default:
			*field.patterns(&rule) = l.patterns(key, value, field)
		}
	}
	return rule
}

func ruleKeys() []string {
	names := make([]string, len(ruleFields))
	for i, field := range ruleFields {
		names[i] = field.name
	}
	return names
}

func meantOf(name string) string {
	if meant := nearest.Name(name, ruleKeys()); meant != "" {
		return "; did you mean " + meant + "?"
	}
	return "; known here are " + strings.Join(ruleKeys(), ", ")
}

func (l *loader) ruleAllows(key string, value any) bool {
	allowed, is := value.(bool)
	if !is {
		l.faults.add(key, "is %s; it must be true or false", kind(value))
	}
	return allowed
}

// patterns reads a list of patterns. An empty one allows nothing, which whoever wrote it may not have meant.
func (l *loader) patterns(key string, value any, field ruleField) []string {
	entries, isList := value.([]any)
	if !isList || len(entries) == 0 {
		l.faults.add(key, "must be a list with at least one entry")
		return nil
	}
	patterns := make([]string, len(entries))
	for i, entry := range entries {
		text, isText := entry.(string)
		switch {
		case !isText:
			l.faults.add(fmt.Sprintf("%s[%d]", key, i), "is %s; it must be a text: put it in quotes", kind(entry))
		case !field.form.is(text):
			l.faults.add(fmt.Sprintf("%s[%d]", key, i), "is %q; %s", text, field.form.accepted)
		}
		patterns[i] = text
	}
	return patterns
}

// checkRules finds patterns that fit none of the worker's credentials: a misspelt name would allow nothing, without a word.
func (l *loader) checkRules(config Config) {
	for i, rule := range config.Rules {
		place := fmt.Sprintf("%s[%d].", rules.Key, i)
		l.checkNames(place+"orgs", rule.Orgs, orgs, slices.Sorted(maps.Keys(config.Orgs)))
		l.checkNames(place+"accounts", rule.Accounts, accounts, slices.Sorted(maps.Keys(config.Accounts)))
	}
}

func (l *loader) checkNames(key string, patterns []string, of credential, held []string) {
	for i, pattern := range patterns {
		if slices.ContainsFunc(held, func(name string) bool { return rules.Matches(pattern, name) }) {
			continue
		}
		end := "; there are " + strings.Join(held, ", ")
		if meant := nearest.Name(pattern, held); meant != "" {
			end = "; did you mean " + meant + "?"
		}
		l.faults.add(fmt.Sprintf("%s[%d]", key, i), "is %q, which fits no entry of %s%s", pattern, of.section, end)
	}
}
