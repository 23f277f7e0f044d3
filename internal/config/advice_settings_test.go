package config_test

import "testing"

// settingAdvice is about the other settings of a worker.
func settingAdvice(t *testing.T) []advised {
	both := func(name, value string) []string { return []string{"ACCESSBRIDGE_" + name + "=" + value} }
	return []advised{
		{
			advice: "give --config the path of one, or leave it out", wrong: settings{arguments: []string{"--config", "/nowhere.yaml"}},
			ways: []settings{{arguments: []string{"--config", write(t, "worker.yaml", least)}}, {environ: []string{
				"ACCESSBRIDGE_OKTA_ORGS_ACME_URL=https://acme.okta.com", "ACCESSBRIDGE_OKTA_ORGS_ACME_API_TOKEN=t",
				"ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_ACCOUNT_ID=" + accountID, "ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_API_TOKEN=t",
			}}},
		},
		{advice: "it must be a section with keys of its own", wrong: inFile("log: debug\n"), ways: []settings{inFile("log: {level: debug}\n")}},
		{advice: "did you mean task_queue?", wrong: inFile("task_queu: x\n"), ways: []settings{inFile("task_queue: x\n")}},
		{advice: "known here are task_queue, cloudflare, ca_file, log,", wrong: inFile("zebra: x\n"), ways: []settings{inFile("task_queue: x\n"), inFile("log: {}\n")}},
		{
			advice: "did you mean ACCESSBRIDGE_TASK_QUEUE?",
			wrong:  settings{text: least, environ: both("TASK_QEUE", "x")}, ways: []settings{{text: least, environ: both("TASK_QUEUE", "x")}},
		},
		{
			advice: "the variables of okta.orgs end in _URL, _API_TOKEN, _API_TOKEN_FILE,",
			wrong:  settings{text: least, environ: both("OKTA_ORGS_ACME_TOKEN", "t")}, ways: []settings{{text: least, environ: both("OKTA_ORGS_ACME_API_TOKEN", "t")}},
		},
		{advice: "put it in quotes if it is meant as a text", wrong: inFile("task_queue: true\n"), ways: []settings{inFile("task_queue: 'true'\n")}},
		{advice: "it must be a text", wrong: inFile("task_queue: [a]\n"), ways: []settings{inFile("task_queue: a\n")}},
		{advice: "put it in quotes", wrong: inFile("task_queue: 2026-11-30\n"), ways: []settings{inFile("task_queue: '2026-11-30'\n")}},
		{advice: "give it a name, or leave it out", wrong: inFile("task_queue: ''\n"), ways: []settings{inFile("task_queue: a\n"), inFile("")}},
		{
			advice: "it must be debug, info, warn or error", wrong: byFlags("--log-level", "loud"),
			ways: []settings{byFlags("--log-level", "debug"), byFlags("--log-level", "info"), byFlags("--log-level", "warn"), byFlags("--log-level", "error")},
		},
		{advice: "it must be text or json", wrong: byFlags("--log-format", "xml"), ways: []settings{byFlags("--log-format", "text"), byFlags("--log-format", "json")}},
		{
			advice: "it must be a number with its unit, such as 500ms, 20s or 2m, and more than 0", wrong: byFlags("--shutdown-timeout", "5"),
			ways: []settings{byFlags("--shutdown-timeout", "500ms"), byFlags("--shutdown-timeout", "20s"), byFlags("--shutdown-timeout", "2m")},
		},
		{
			advice: "it must be a host and a port, such as 127.0.0.1:8080",
			wrong:  byFlags("--health-address", "8080"), ways: []settings{byFlags("--health-address", "127.0.0.1:8080")},
		},
		{
			advice: "it must be like https://api.cloudflare.com/client/v4",
			wrong:  byFlags("--cloudflare-base-url", "api.cloudflare.com"), ways: []settings{byFlags("--cloudflare-base-url", "https://api.cloudflare.com/client/v4")},
		},
		{
			advice: "it must be shorter than timeouts.attempt, which is 45s", wrong: byFlags("--timeouts-request", "45s"),
			ways: []settings{byFlags("--timeouts-request", "44s"), byFlags("--timeouts-request", "45s", "--timeouts-attempt", "46s")},
		},
		{advice: "it must be longer than timeouts.request, which is 20s", wrong: byFlags("--timeouts-late-answer", "20s"), ways: []settings{byFlags("--timeouts-late-answer", "21s")}},
		{
			advice: "it must not be longer than retry.maximum_interval, which is 30s", wrong: byFlags("--retry-initial-interval", "31s"),
			ways: []settings{byFlags("--retry-initial-interval", "30s"), byFlags("--retry-initial-interval", "31s", "--retry-maximum-interval", "31s")},
		},
	}
}
