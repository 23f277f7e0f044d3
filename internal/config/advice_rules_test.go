package config_test

// ruleAdvice is what is said about the rules of a worker's configuration.
func ruleAdvice() []advised {
	rules := func(written string) settings { return inFile("rules: " + written + "\n") }
	rule := func(more string) settings {
		return rules("[{connections: [acme], orgs: [acme], accounts: [acme]" + more + "}]")
	}
	least := []settings{rule("")}
	return []advised{
		{advice: "must be a list of at least one rule; leave it out to allow everything", wrong: rules("[]"), ways: append(least, inFile(""))},
		{advice: "it must be a section with the keys connections, orgs, accounts", wrong: rules("[acme]"), ways: least},
		{advice: "it must be a list of names, in which * stands for any characters", wrong: rules("[{orgs: [acme], accounts: [acme]}]"), ways: least},
		{advice: "must be a list with at least one entry", wrong: rule(", prevent_disconnect: []"), ways: append(least, rule(", prevent_disconnect: [acme]"))},
		{
			advice: "it must be lower-case letters, digits, hyphens and *, such as acme-*", wrong: rule(", prevent_disconnect: [Acme]"),
			ways: []settings{rule(", prevent_disconnect: [acme-*]")},
		},
		{
			advice: "it must be a hostname without a path, in which * stands for any characters, such as *.acme.example, or the id of an application",
			wrong:  rule(", applications: [wiki.acme.example/admin]"),
			ways:   []settings{rule(`, applications: ["*.acme.example"]`), rule(", applications: [01234567-89ab-cdef-0123-456789abcdef]")},
		},
	}
}
