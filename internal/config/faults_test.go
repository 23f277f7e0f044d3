package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/config"
)

// with is the least configuration with an org of other fields.
func with(org string) string {
	return "okta: {orgs: {acme: {" + org + "}}}\ncloudflare: {accounts: {acme: {account_id: " + accountID + ", api_token: t}}}\n"
}

func TestLoad_FindsEachFault(t *testing.T) {
	t.Parallel()
	empty, spaced := write(t, "empty", " \n"), write(t, "spaced", "two\nlines")
	for name, test := range map[string]struct {
		text      string
		environ   []string
		arguments []string
		want      string
	}{
		"no URL":   {with("api_token: t"), nil, nil, "okta.orgs.acme.url: is missing; it must be https:// and the organisation's host, such as https://acme.okta.com"},
		"http":     {with("api_token: t, url: 'http://acme.okta.com'"), nil, nil, "okta.orgs.acme.url: doesn't start with https://; it must be https:// and the organisation's host, such as https://acme.okta.com"},
		"no host":  {with("api_token: t, url: 'https://'"), nil, nil, "okta.orgs.acme.url: has no host; it must be https:// and the organisation's host, such as https://acme.okta.com"},
		"path":     {with("api_token: t, url: 'https://acme.okta.com/api/v1'"), nil, nil, "okta.orgs.acme.url: has a path in it; it must be https:// and the organisation's host, such as https://acme.okta.com"},
		"query":    {with("api_token: t, url: 'https://acme.okta.com?x'"), nil, nil, "okta.orgs.acme.url: has a query or a fragment in it; it must be https:// and the organisation's host, such as https://acme.okta.com"},
		"password": {with("api_token: t, url: 'https://a:" + orgToken + "@acme.okta.com'"), nil, nil, "okta.orgs.acme.url: has a user or a password in it; it must be https:// and the organisation's host, such as https://acme.okta.com"},
		"no URL at all": {
			with("api_token: t, url: 'https://acme okta com'"), nil, nil,
			"okta.orgs.acme.url: is not a URL; it must be https:// and the organisation's host, such as https://acme.okta.com",
		},
		"admin console": {
			with("api_token: t, url: 'https://acme-admin.okta.com'"), nil, nil,
			`okta.orgs.acme.url: is "https://acme-admin.okta.com", the address of the admin console; use https://acme.okta.com`,
		},
		"admin console in capitals": {
			with("api_token: t, url: 'HTTPS://Acme-Admin.OktaPreview.com/'"), nil, nil,
			`okta.orgs.acme.url: is "https://acme-admin.oktapreview.com", the address of the admin console; use https://acme.oktapreview.com`,
		},
		"no token":    {with("url: 'https://acme.okta.com'"), nil, nil, "okta.orgs.acme.api_token: is missing; set it, or let api_token_file name a file that holds the token"},
		"empty token": {with("url: 'https://acme.okta.com', api_token: ''"), nil, nil, "okta.orgs.acme.api_token: is empty; write the token there, or let api_token_file name a file that holds it"},
		"both": {
			with("url: 'https://acme.okta.com', api_token: t, api_token_file: " + spaced), nil, nil,
			"okta.orgs.acme.api_token: is set, and api_token_file too; leave one of them out",
		},
		"number for token": {with("url: 'https://acme.okta.com', api_token: 123"), nil, nil, "okta.orgs.acme.api_token: is a number; put it in quotes"},
		"token of two words": {
			with("url: 'https://acme.okta.com', api_token: SSWS " + orgToken), nil, nil,
			"okta.orgs.acme.api_token: holds a token with white space or characters that no token has; copy it again",
		},
		"no token file": {
			with("url: 'https://acme.okta.com', api_token_file: /nowhere/token"), nil, nil,
			"okta.orgs.acme.api_token_file: /nowhere/token can't be read: no such file or directory",
		},
		"directory for token file": {
			with("url: 'https://acme.okta.com', api_token_file: /"), nil, nil, "okta.orgs.acme.api_token_file: / can't be read: it is not a regular file",
		},
		"group look-up token, and a file of it": {
			with("url: 'https://acme.okta.com', api_token: t, group_lookup_token: t, group_lookup_token_file: " + spaced), nil, nil,
			"okta.orgs.acme.group_lookup_token: is set, and group_lookup_token_file too; leave one of them out",
		},
		"malformed group look-up token": {
			with("url: 'https://acme.okta.com', api_token: t, group_lookup_token: SSWS " + orgToken), nil, nil,
			"okta.orgs.acme.group_lookup_token: holds a token with white space or characters that no token has; copy it again",
		},
		"empty token file":        {with("url: 'https://acme.okta.com', api_token_file: " + empty), nil, nil, "okta.orgs.acme.api_token_file: " + empty + " is empty; write the token into it"},
		"token file of two lines": {with("url: 'https://acme.okta.com', api_token_file: " + spaced), nil, nil, "okta.orgs.acme.api_token_file: holds a token with white space or characters that no token has; copy it again"},
		"account id": {
			strings.Replace(least, accountID, "xyz", 1), nil, nil,
			"cloudflare.accounts.acme.account_id: must be the 32 hexadecimal digits that Cloudflare shows as the account ID; it has 3 characters",
		},
		"account id of digits": {strings.Replace(least, accountID, strings.Repeat("1", 32), 1), nil, nil, "cloudflare.accounts.acme.account_id: is a number; put it in quotes"},
		"no request at a time": {
			with("url: 'https://acme.okta.com', api_token: t, max_concurrent_requests: 0"), nil, nil,
			"okta.orgs.acme.max_concurrent_requests: must be a whole number from 1 to 1000",
		},
		"requests as a text": {
			with("url: 'https://acme.okta.com', api_token: t, max_concurrent_requests: many"), nil, nil,
			"okta.orgs.acme.max_concurrent_requests: must be a whole number from 1 to 1000",
		},
		"requests past counting": {
			least,
			[]string{"ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_MAX_CONCURRENT_REQUESTS=1001"},
			nil,
			"cloudflare.accounts.acme.max_concurrent_requests: must be a whole number from 1 to 1000",
		},
		"name with underscore": {
			"okta: {orgs: {ac_me: {url: 'https://a.okta.com', api_token: t}}}\ncloudflare: {accounts: {acme: {account_id: " + accountID + ", api_token: t}}}\n", nil, nil,
			"okta.orgs.ac_me: is no name that a connection can use; it must be lower-case letters, digits and hyphens",
		},
		"no orgs": {
			"cloudflare: {accounts: {acme: {account_id: " + accountID + ", api_token: t}}}\n", nil, nil,
			"okta.orgs: has no entry; the worker needs the credentials of at least one: okta.orgs.<name>.{url, api_token, api_token_file, max_concurrent_requests, group_lookup_token, group_lookup_token_file}",
		},
		"unknown key":         {least + "zebra: 1\n", nil, nil, "zebra: is a key that the worker doesn't know; known here are task_queue, cloudflare, ca_file, log, temporal, retry, timeouts, shutdown_timeout, health_address, metrics, token_check_interval, encryption, codec_server, okta, rules"},
		"misspelt key":        {least + "task_queu: x\n", nil, nil, "task_queu: is a key that the worker doesn't know; did you mean task_queue?"},
		"unknown credential":  {with("url: 'https://acme.okta.com', api_token: t, secret: x"), nil, nil, "okta.orgs.acme.secret: is a key that the worker doesn't know; known here are url, api_token, api_token_file, max_concurrent_requests, group_lookup_token, group_lookup_token_file"},
		"text for a section":  {least + "log: debug\n", nil, nil, "log: is a text; it must be a section with keys of its own"},
		"list for a text":     {least + "task_queue: [a]\n", nil, nil, "task_queue: is a list; it must be a text"},
		"boolean for a text":  {least + "task_queue: true\n", nil, nil, "task_queue: is true or false; put it in quotes if it is meant as a text"},
		"unknown variable":    {least, []string{"ACCESSBRIDGE_ZEBRA=1"}, nil, "ACCESSBRIDGE_ZEBRA: is a variable that the worker doesn't know"},
		"misspelt variable":   {least, []string{"ACCESSBRIDGE_TASK_QEUE=1"}, nil, "ACCESSBRIDGE_TASK_QEUE: is a variable that the worker doesn't know; did you mean ACCESSBRIDGE_TASK_QUEUE?"},
		"misspelt credential": {least, []string{"ACCESSBRIDGE_OKTA_ORGS_ACME_TOKEN=1"}, nil, "ACCESSBRIDGE_OKTA_ORGS_ACME_TOKEN: is a variable that the worker doesn't know; the variables of okta.orgs end in _URL, _API_TOKEN, _API_TOKEN_FILE, _MAX_CONCURRENT_REQUESTS, _GROUP_LOOKUP_TOKEN, _GROUP_LOOKUP_TOKEN_FILE"},
		"no task queue":       {least + "task_queue: ''\n", nil, nil, "task_queue: is empty; give it a name, or leave it out"},
		"log level":           {least, nil, []string{"--log-level", "loud"}, `log.level: is "loud"; it must be debug, info, warn or error`},
		"log format":          {least, nil, []string{"--log-format", "xml"}, `log.format: is "xml"; it must be text or json`},
		"no unit":             {least, nil, []string{"--timeouts-request", "5"}, `timeouts.request: is "5"; it must be a number with its unit, such as 500ms, 20s or 2m, and more than 0`},
		"no time":             {least, nil, []string{"--shutdown-timeout", "0s"}, `shutdown_timeout: is "0s"; it must be a number with its unit, such as 500ms, 20s or 2m, and more than 0`},
		"negative interval":   {least, nil, []string{"--token-check-interval", "-1s"}, `token_check_interval: is "-1s"; it must be a number with its unit, such as 500ms, 20s or 2m, and more than 0`},
		"emptied time":        {least + "shutdown_timeout: ''\n", nil, nil, `shutdown_timeout: is ""; it must be a number with its unit, such as 500ms, 20s or 2m, and more than 0`},
		"request and attempt": {least, nil, []string{"--timeouts-request", "45s"}, "timeouts.request: is 45s; it must be shorter than timeouts.attempt, which is 45s"},
		"late answer":         {least, nil, []string{"--timeouts-late-answer", "20s"}, "timeouts.late_answer: is 20s; it must be longer than timeouts.request, which is 20s"},
		"heartbeat":           {least, nil, []string{"--timeouts-heartbeat", "50s"}, "timeouts.heartbeat: is 50s; it must be shorter than timeouts.attempt, which is 45s"},
		"intervals":           {least, nil, []string{"--retry-initial-interval", "31s"}, "retry.initial_interval: is 31s; it must not be longer than retry.maximum_interval, which is 30s"},
		"address":             {least, nil, []string{"--health-address", "8080"}, `health_address: is "8080"; it must be a host and a port, such as 127.0.0.1:8080`},
		"Temporal's address":  {least, nil, []string{"--temporal-address", "localhost"}, `temporal.address: is "localhost"; it must be a host and a port, such as 127.0.0.1:8080`},
		"base URL":            {least, nil, []string{"--cloudflare-base-url", "http://x"}, "cloudflare.base_url: doesn't start with https://; it must be like https://api.cloudflare.com/client/v4"},
		"no CA file":          {least, nil, []string{"--ca-file", "/nowhere"}, "ca_file: /nowhere can't be read: no such file or directory"},
		"no certificate":      {least, nil, []string{"--ca-file", spaced}, "ca_file: " + spaced + " holds no certificate in PEM form"},
		"no file":             {"", nil, []string{"--config", "/nowhere.yaml"}, "/nowhere.yaml: there is no such configuration file; give --config the path of one, or leave it out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, test.text, test.environ, test.arguments...)
			var faults config.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("the error is %v, want Faults", err)
			}
			if strings.Contains(err.Error(), orgToken) {
				t.Errorf("the error shows the token: %v", err)
			}
			if got := faults[0].Key + ": " + faults[0].Problem; got != test.want {
				t.Error(cmp.Diff(test.want, got))
			}
			if len(faults) > 1 {
				t.Errorf("more than the one fault is told: %v", err)
			}
		})
	}
}

func TestLoad_TellsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	text := `
task_queu: x
log: {level: loud}
okta:
  orgs:
    acme: {url: https://acme-admin.okta.com, api_token: t}
    globex:
cloudflare:
  accounts:
    acme: {account_id: 12, token: t}
`
	_, err := load(t, text, []string{"ACCESSBRIDGE_LOG_FORMT=x"})
	want := `the worker's configuration has 9 faults:
  ACCESSBRIDGE_LOG_FORMT: is a variable that the worker doesn't know; did you mean ACCESSBRIDGE_LOG_FORMAT?
  cloudflare.accounts.acme.account_id: is a number; put it in quotes
  cloudflare.accounts.acme.api_token: is missing; set it, or let api_token_file name a file that holds the token
  cloudflare.accounts.acme.token: is a key that the worker doesn't know; known here are account_id, api_token, api_token_file, max_concurrent_requests
  log.level: is "loud"; it must be debug, info, warn or error
  okta.orgs.acme.url: is "https://acme-admin.okta.com", the address of the admin console; use https://acme.okta.com
  okta.orgs.globex.api_token: is missing; set it, or let api_token_file name a file that holds the token
  okta.orgs.globex.url: is missing; it must be https:// and the organisation's host, such as https://acme.okta.com
  task_queu: is a key that the worker doesn't know; did you mean task_queue?`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

func TestLoad_ShowsNothingOfAFileThatIsNoYAML(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a token alone":   orgToken,
		"broken section":  "okta:\n  orgs: {acme: {api_token: " + orgToken + "}\n",
		"broken text":     "api_token: \"" + orgToken + "\n",
		"tab":             "okta:\n\t" + orgToken + "\n",
		"key twice":       "a: " + orgToken + "\na: " + orgToken + "\n",
		"a list of token": "- " + orgToken + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, text, nil)
			if err == nil || !strings.Contains(err.Error(), "is not YAML") {
				t.Errorf("the error is %v", err)
			}
			if strings.Contains(fmt.Sprint(err), orgToken[:9]) {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

func TestConfiguration_IsDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name, fallback := range config.Documented() {
		row := "| `" + name + "` | "
		if fallback != "" {
			row += "`" + fallback + "` |"
		}
		if !strings.Contains(string(text), row) {
			t.Errorf("docs/configuration.md has no row %s", row)
		}
	}
}

func TestLoad_EntryWithNothingInIt_IsNoEntryLess(t *testing.T) {
	t.Parallel()
	for _, nothing := range []string{"{}", "", "null"} {
		text := "okta: {orgs: {acme: {url: 'https://acme.okta.com', api_token: t}, other: " + nothing + "}}\n" +
			"cloudflare: {accounts: {acme: {account_id: " + accountID + ", api_token: t}, other: " + nothing + "}}\n"
		_, err := load(t, text, nil)
		for _, want := range []string{
			"okta.orgs.other.url: is missing", "okta.orgs.other.api_token: is missing",
			"cloudflare.accounts.other.account_id: must be", "cloudflare.accounts.other.api_token: is missing",
		} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: the error doesn't say %q: %v", nothing, want, err)
			}
		}
	}
}

func TestLoad_LimitThatIsWrong_IsNotComparedWith(t *testing.T) {
	t.Parallel()
	text := with("url: 'https://acme.okta.com', api_token: t") + "retry: {maximum_interval: 1x}\ntimeouts: {attempt: never}\n"
	_, err := load(t, text, nil)
	var faults config.Faults
	if !errors.As(err, &faults) || len(faults) != 2 {
		t.Errorf("the error is %v, want the two faults", err)
	}
}
