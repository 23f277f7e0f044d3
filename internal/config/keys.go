package config

import (
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/accessbridge/accessbridge/connection"
)

// variablePrefix starts every environment variable that the worker reads, and configKey names the configuration file.
const (
	variablePrefix = "ACCESSBRIDGE_"
	configKey      = "config"
)

// key is a setting that has a flag and a variable of its own.
type key struct {
	name     string
	fallback string
	usage    string
	read     func(*loader, *Config, string)
}

// keys are the settings of a worker but those that are secret, in the order of docs/configuration.md.
var keys = []key{
	{"task_queue", connection.TaskQueue, "Temporal task queue to listen on", readTaskQueue},
	{"cloudflare.base_url", "https://api.cloudflare.com/client/v4", "URL of Cloudflare's API", readCloudflareURL},
	{"ca_file", "", "`file` of certificates (PEM) to trust besides the system's", readCAFile},
	{"log.level", "info", "least `level` to log: debug, info, warn or error", readLogLevel},
	{"log.format", FormatText, "how to log: text or json", readLogFormat},
	{"temporal.config_file", "", "`file` of Temporal's profiles; by default the one that every Temporal tool reads", text(func(c *Config) *string { return &c.Temporal.ConfigFile })},
	{"temporal.profile", "", "profile to take from Temporal's configuration", text(func(c *Config) *string { return &c.Temporal.Profile })},
	{"temporal.address", "", "`host:port` of Temporal; by default what the profile or TEMPORAL_ADDRESS says", address(func(c *Config) *string { return &c.Temporal.Address })},
	{"temporal.namespace", "", "Temporal namespace; by default what the profile or TEMPORAL_NAMESPACE says", text(func(c *Config) *string { return &c.Temporal.Namespace })},
	{"retry.initial_interval", "500ms", "time before a failed step is first repeated", duration(func(c *Config) *time.Duration { return &c.Retry.InitialInterval })},
	{"retry.maximum_interval", "30s", "longest time between two tries of a step", duration(func(c *Config) *time.Duration { return &c.Retry.MaximumInterval })},
	{"timeouts.request", "20s", "longest time for one request to a provider", duration(func(c *Config) *time.Duration { return &c.Timeouts.Request })},
	{"timeouts.attempt", "45s", "longest time for one try of a step", duration(func(c *Config) *time.Duration { return &c.Timeouts.Attempt })},
	{"timeouts.late_answer", "1m", "how long a change whose answer was lost may still be carried out", duration(func(c *Config) *time.Duration { return &c.Timeouts.LateAnswer })},
	{"timeouts.list_lag", "30s", "how long a provider's lists may be behind", duration(func(c *Config) *time.Duration { return &c.Timeouts.ListLag })},
	{"timeouts.heartbeat", "6s", "silence after which the worker of a step is taken for dead", duration(func(c *Config) *time.Duration { return &c.Timeouts.Heartbeat })},
	{"shutdown_timeout", "20s", "longest wait for running steps when told to stop", duration(func(c *Config) *time.Duration { return &c.ShutdownTimeout })},
	{"health_address", "", "`host:port` to serve GET /livez and /readyz on; off by default", address(func(c *Config) *string { return &c.HealthAddress })},
	{"metrics.listen", "", "`host:port` to serve GET /metrics on; off by default", address(func(c *Config) *string { return &c.MetricsListen })},
	{"token_check_interval", "5m", "how often the API tokens are tried; 0 is never", durationOrNever(func(c *Config) *time.Duration { return &c.TokenCheckInterval })},
}

// credential is a section whose entries have names that the reader chooses.
type credential struct {
	section string
	fields  []string
	// concurrent is how many requests are under way at the same time where the entry doesn't say.
	concurrent int
}

// The fields of credentials.
const (
	fieldURL        = "url"
	fieldAccountID  = "account_id"
	fieldToken      = "api_token"
	fieldTokenFile  = "api_token_file"
	fieldConcurrent = "max_concurrent_requests"
	// The token that Cloudflare looks groups up with, which is another than the worker's.
	fieldLookupToken     = "group_lookup_token"
	fieldLookupTokenFile = "group_lookup_token_file"
)

var (
	// Okta refuses more than 15 requests at the same time in the smallest of its plans.
	orgs     = credential{"okta.orgs", []string{fieldURL, fieldToken, fieldTokenFile, fieldConcurrent, fieldLookupToken, fieldLookupTokenFile}, 12}
	accounts = credential{"cloudflare.accounts", []string{fieldAccountID, fieldToken, fieldTokenFile, fieldConcurrent}, 20}
)

// AddFlags gives a command the worker's flags: --config, and one for every setting but the credentials, which would show
// in the list of processes.
func AddFlags(flags *pflag.FlagSet) {
	flags.String(configKey, "", "configuration `file`, in YAML")
	for _, setting := range keys {
		flags.String(flagName(setting.name), setting.fallback, setting.usage)
	}
	addKeyFiles(flags)
	flags.Bool(flagName(requiredKey), false, "refuse input that isn't encrypted")
}

// flagName is the flag of a setting: log.level becomes log-level. Those of the codec server are flags of its own command.
func flagName(name string) string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(strings.TrimPrefix(name, codecServerSection+"."))
}

// variable is the environment variable of a setting: log.level becomes ACCESSBRIDGE_LOG_LEVEL.
func variable(name string) string {
	return variablePrefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(name))
}
