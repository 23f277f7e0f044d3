package config_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"

	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/secret"
)

const (
	orgToken     = "00orgTokenThatNobodyMaySee"
	accountToken = "accountTokenThatNobodyMaySee"
	accountID    = "0123456789abcdef0123456789abcdef"

	// least is the least that a worker needs.
	least = `
okta:
  orgs:
    acme: {url: "https://acme.okta.com", api_token: ` + orgToken + `}
cloudflare:
  accounts:
    acme: {account_id: ` + accountID + `, api_token: ` + accountToken + `}
`
)

// write makes a file that only its owner can read.
func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// load loads a configuration file, variables and the arguments of a command line.
func load(t *testing.T, text string, environ []string, arguments ...string) (config.Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("worker", pflag.ContinueOnError)
	config.AddFlags(flags)
	if text != "" {
		arguments = append(arguments, "--config", write(t, "worker.yaml", text))
	}
	if err := flags.Parse(arguments); err != nil {
		t.Fatal(err)
	}
	return config.Load(flags, environ)
}

func mustLoad(t *testing.T, text string, environ []string, arguments ...string) config.Config {
	t.Helper()
	loaded, err := load(t, text, environ, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestLoad_TheLeastConfigurationGetsEveryDefault(t *testing.T) {
	t.Parallel()
	want := config.Config{
		TaskQueue:       "accessbridge",
		Orgs:            map[string]config.Org{"acme": {Name: "acme", URL: "https://acme.okta.com", Token: secret.New(orgToken), MaxConcurrentRequests: 12}},
		Accounts:        map[string]config.Account{"acme": {Name: "acme", ID: accountID, Token: secret.New(accountToken), MaxConcurrentRequests: 20}},
		CloudflareURL:   "https://api.cloudflare.com/client/v4",
		LogLevel:        slog.LevelInfo,
		LogFormat:       config.FormatText,
		Retry:           config.Retry{InitialInterval: 500 * time.Millisecond, MaximumInterval: 30 * time.Second},
		Timeouts:        config.Timeouts{Request: 20 * time.Second, Attempt: 45 * time.Second, Heartbeat: 6 * time.Second, LateAnswer: time.Minute, ListLag: 30 * time.Second},
		ShutdownTimeout: 20 * time.Second, TokenCheckInterval: 5 * time.Minute,
	}
	if diff := cmp.Diff(want, mustLoad(t, least, nil)); diff != "" {
		t.Error(diff)
	}
}

func TestLoad_ReadsEverySetting(t *testing.T) {
	t.Parallel()
	text := least + `
  base_url: https://localhost:9444/client/v4/
task_queue: other
log: {level: DEBUG, format: json}
temporal: {config_file: temporal.toml, profile: cloud, address: "localhost:7233", namespace: default}
retry: {initial_interval: 1s, maximum_interval: 1m}
timeouts: {request: 5s, attempt: 10s, heartbeat: 2s}
shutdown_timeout: 3s
health_address: ":8080"
token_check_interval: 0s
metrics: {listen: "127.0.0.1:9464"}
`
	want := config.Config{
		TaskQueue: "other", CloudflareURL: "https://localhost:9444/client/v4", LogLevel: slog.LevelDebug, LogFormat: config.FormatJSON,
		Temporal:        config.Temporal{ConfigFile: "temporal.toml", Profile: "cloud", Address: "localhost:7233", Namespace: "default"},
		Retry:           config.Retry{InitialInterval: time.Second, MaximumInterval: time.Minute},
		Timeouts:        config.Timeouts{Request: 5 * time.Second, Attempt: 10 * time.Second, Heartbeat: 2 * time.Second, LateAnswer: time.Minute, ListLag: 30 * time.Second},
		ShutdownTimeout: 3 * time.Second, HealthAddress: ":8080", MetricsListen: "127.0.0.1:9464",
	}
	if diff := cmp.Diff(want, mustLoad(t, text, nil), cmpopts.IgnoreFields(config.Config{}, "Orgs", "Accounts")); diff != "" {
		t.Error(diff)
	}
}

func TestLoad_FlagsAreStrongerThanVariablesAreStrongerThanTheFile(t *testing.T) {
	t.Parallel()
	const file = least + "task_queue: file\n"
	for name, test := range map[string]struct {
		text      string
		environ   []string
		arguments []string
		want      string
	}{
		"default":                       {least, nil, nil, "accessbridge"},
		"file":                          {file, nil, nil, "file"},
		"variable":                      {file, []string{"ACCESSBRIDGE_TASK_QUEUE=variable"}, nil, "variable"},
		"variable without a file's":     {least, []string{"ACCESSBRIDGE_TASK_QUEUE=variable"}, nil, "variable"},
		"empty variable":                {file, []string{"ACCESSBRIDGE_TASK_QUEUE="}, nil, "file"},
		"flag":                          {file, []string{"ACCESSBRIDGE_TASK_QUEUE=variable"}, []string{"--task-queue", "flag"}, "flag"},
		"flag that equals the default":  {file, []string{"ACCESSBRIDGE_TASK_QUEUE=variable"}, []string{"--task-queue", "accessbridge"}, "accessbridge"},
		"variables of other programs":   {file, []string{"PATH=/bin", "TASK_QUEUE=x", "TEMPORAL_ADDRESS=x"}, nil, "file"},
		"variable over a value of file": {least + "task_queue: 5\n", []string{"ACCESSBRIDGE_TASK_QUEUE=variable"}, nil, "variable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := mustLoad(t, test.text, test.environ, test.arguments...).TaskQueue; got != test.want {
				t.Errorf("task_queue is %q, want %q", got, test.want)
			}
		})
	}
}

func TestLoad_TakesCredentialsFromVariablesAlone(t *testing.T) {
	t.Parallel()
	loaded := mustLoad(t, "", []string{
		"ACCESSBRIDGE_OKTA_ORGS_ACME_EU_URL=https://acme-eu.okta.com/", "ACCESSBRIDGE_OKTA_ORGS_ACME_EU_API_TOKEN=" + orgToken,
		"ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_ACCOUNT_ID=" + accountID,
		"ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_API_TOKEN_FILE=" + write(t, "token", accountToken+"\n"),
	})
	org, held := loaded.Org("acme-eu")
	if !held || org.URL != "https://acme-eu.okta.com" || org.Token.Reveal() != orgToken {
		t.Errorf("Org(acme-eu) = %+v, %t", org, held)
	}
	account, held := loaded.Account("acme")
	if !held || account.ID != accountID || account.Token.Reveal() != accountToken {
		t.Errorf("Account(acme) = %+v, %t", account, held)
	}
	if _, held := loaded.Org("acme"); held {
		t.Error("Org(acme) is held")
	}
}

func TestLoad_GroupLookupToken(t *testing.T) {
	t.Parallel()
	const lookup = "00group-lookup-token"
	file := write(t, "lookup", lookup+"\n")
	for name, test := range map[string]struct {
		more, want, file string
		environ          []string
	}{
		"none":     {},
		"value":    {more: ", group_lookup_token: " + lookup, want: lookup},
		"file":     {more: ", group_lookup_token_file: " + file, want: lookup, file: file},
		"variable": {environ: []string{"ACCESSBRIDGE_OKTA_ORGS_ACME_GROUP_LOOKUP_TOKEN=" + lookup}, want: lookup},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := mustLoad(t, with("url: 'https://acme.okta.com', api_token: t"+test.more), test.environ).Orgs["acme"]
			if org.LookupToken.Reveal() != test.want || org.LookupTokenFile != test.file || org.Token.Reveal() != "t" {
				t.Errorf("the token is %q, of file %q", org.LookupToken.Reveal(), org.LookupTokenFile)
			}
		})
	}
}

func TestLoad_OrgURL_InAnyCase_IsInLowerCase(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"https://Acme.Okta.com": "https://acme.okta.com", "HTTPS://ACME.OKTA-EMEA.COM/": "https://acme.okta-emea.com", "https://Login.Acme.example:8443": "https://login.acme.example:8443",
	} {
		loaded := mustLoad(t, with("url: '"+written+"', api_token: t"), nil)
		if got := loaded.Orgs["acme"].URL; got != want {
			t.Errorf("%s is read as %s", written, got)
		}
	}
}

func TestLoad_ReadsHowManyRequestsAreUnderWay(t *testing.T) {
	t.Parallel()
	loaded := mustLoad(t, with("url: 'https://acme.okta.com', api_token: t, max_concurrent_requests: 60"), []string{
		"ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_MAX_CONCURRENT_REQUESTS=5",
	})
	if loaded.Orgs["acme"].MaxConcurrentRequests != 60 || loaded.Accounts["acme"].MaxConcurrentRequests != 5 {
		t.Errorf("got %+v, %+v", loaded.Orgs, loaded.Accounts)
	}
}

func TestLoad_MendsAnEntryOfTheFileByVariables(t *testing.T) {
	t.Parallel()
	loaded := mustLoad(t, "okta: {orgs: {acme: {url: 'https://old.okta.com'}, empty: }}\ncloudflare:\n", []string{
		"ACCESSBRIDGE_OKTA_ORGS_ACME_URL=https://new.okta.com", "ACCESSBRIDGE_OKTA_ORGS_ACME_API_TOKEN=t",
		"ACCESSBRIDGE_OKTA_ORGS_EMPTY_URL=https://empty.okta.com", "ACCESSBRIDGE_OKTA_ORGS_EMPTY_API_TOKEN=t",
		"ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_ACCOUNT_ID=" + accountID, "ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_API_TOKEN=t",
	})
	if loaded.Orgs["acme"].URL != "https://new.okta.com" || loaded.Orgs["empty"].URL != "https://empty.okta.com" {
		t.Errorf("the orgs are %+v", loaded.Orgs)
	}
}

func TestLoad_TakesTheFileThatTheVariableNames(t *testing.T) {
	t.Parallel()
	if got := mustLoad(t, "", []string{"ACCESSBRIDGE_CONFIG=" + write(t, "worker.yaml", least+"task_queue: file\n")}).TaskQueue; got != "file" {
		t.Errorf("task_queue is %q", got)
	}
}

func TestLoad_WarnsOfTokensThatEverybodyCanRead(t *testing.T) {
	t.Parallel()
	token, worker := write(t, "token", orgToken), write(t, "worker.yaml", least)
	for _, file := range []string{token, worker} {
		if err := os.Chmod(file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	groups := write(t, "groups", "s3cret")
	if err := os.Chmod(groups, 0o640); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		environ []string
		want    []string
	}{
		"its group can": {
			[]string{
				"ACCESSBRIDGE_OKTA_ORGS_ACME_URL=https://acme.okta.com", "ACCESSBRIDGE_OKTA_ORGS_ACME_API_TOKEN=t",
				"ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_ACCOUNT_ID=" + accountID, "ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_API_TOKEN_FILE=" + groups,
			},
			[]string{"the group of " + groups + " can read it, which cloudflare.accounts.acme.api_token_file names; run: chmod g-r " + groups},
		},
		"token file": {
			[]string{
				"ACCESSBRIDGE_OKTA_ORGS_ACME_URL=https://acme.okta.com", "ACCESSBRIDGE_OKTA_ORGS_ACME_API_TOKEN_FILE=" + token,
				"ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_ACCOUNT_ID=" + accountID, "ACCESSBRIDGE_CLOUDFLARE_ACCOUNTS_ACME_API_TOKEN=t",
			},
			[]string{"every user of the machine can read " + token + ", which okta.orgs.acme.api_token_file names; run: chmod go-r " + token},
		},
		"configuration file": {
			[]string{"ACCESSBRIDGE_CONFIG=" + worker},
			[]string{"every user of the machine can read " + worker + ", which holds tokens or keys; run: chmod go-r " + worker},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, mustLoad(t, "", test.environ).Warnings); diff != "" {
				t.Error(diff)
			}
		})
	}
}
