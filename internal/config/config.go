// Package config reads the worker's configuration: a YAML file, environment variables and flags, each stronger than
// the one before it. Every key is documented in docs/configuration.md.
package config

import (
	"crypto/x509"
	"log/slog"
	"time"

	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/rules"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// Config is how a worker runs. Load returns it complete and checked.
type Config struct {
	// TaskQueue is where the worker listens.
	TaskQueue string
	// Orgs are the Okta organisations that the worker holds credentials of, by the name that connections use.
	Orgs map[string]Org
	// Accounts are the Cloudflare accounts that the worker holds credentials of, by the name that connections use.
	Accounts map[string]Account
	// Rules say what the worker may do, and for which connections; nil allows everything.
	Rules rules.Rules
	// CloudflareURL is where Cloudflare's API is, without a slash at its end.
	CloudflareURL string
	// CAFile names a file of certificates, in PEM form, that the worker trusts besides the system's; "" is none.
	CAFile string
	// RootCAs are the system's certificates and those of CAFile; nil without a CAFile, which means the system's to crypto/tls.
	RootCAs *x509.CertPool
	// LogLevel is the least level that is logged.
	LogLevel slog.Level
	// LogFormat is FormatText or FormatJSON.
	LogFormat string
	// Temporal says how to reach Temporal, over what Temporal's own variables and profiles say.
	Temporal Temporal
	// Retry is how a failed step is repeated.
	Retry Retry
	// Timeouts bound what a step does.
	Timeouts Timeouts
	// ShutdownTimeout is how long a worker that is told to stop waits for its running steps.
	ShutdownTimeout time.Duration
	// HealthAddress is the host:port of the health endpoints; "" is none.
	HealthAddress string
	// TokenCheckInterval is how often the API tokens are tried; 0 is never.
	TokenCheckInterval time.Duration
	// MetricsListen is the host:port to serve metrics on; "" is none.
	MetricsListen string
	// EncryptionKeys encrypt what runs leave in Temporal: the first of them; all decrypt. None encrypts nothing.
	EncryptionKeys []codec.Key
	// EncryptionKeyFiles are the files that the keys are in; nil where they are in none.
	EncryptionKeyFiles []string
	// EncryptionRequired means that input which isn't encrypted is refused. There are keys then.
	EncryptionRequired bool
	// CodecServer is how a codec server runs. Only LoadCodecServer reads it.
	CodecServer CodecServer
	// Warnings are what is no fault, but should be mended: each with how. They hold no secret.
	Warnings []string
}

// The values of Config.LogFormat.
const (
	FormatText = "text"
	FormatJSON = "json"
)

// Org is an Okta organisation and the token for its management API.
type Org struct {
	Name string
	// URL is https, the organisation's host and nothing else, such as https://acme.okta.com.
	URL   string
	Token secret.Secret
	// TokenFile is the file that the token is in; "" where it is in none.
	TokenFile string
	// MaxConcurrentRequests is how many requests to it are under way at the same time.
	MaxConcurrentRequests int
	// LookupToken is the token that Cloudflare looks up with who is in 100 groups and more; zero where the worker holds none.
	LookupToken secret.Secret
	// LookupTokenFile is the file that it is in; "" where it is in none.
	LookupTokenFile string
}

// Account is a Cloudflare account and a token for it.
type Account struct {
	Name string
	// ID is Cloudflare's: 32 hexadecimal digits.
	ID    string
	Token secret.Secret
	// TokenFile is the file that the token is in; "" where it is in none.
	TokenFile string
	// MaxConcurrentRequests is how many requests about it are under way at the same time.
	MaxConcurrentRequests int
}

// Temporal says how to reach Temporal. What is empty is left to TEMPORAL_* variables and profiles.
type Temporal struct {
	ConfigFile string
	Profile    string
	// Address is host:port of the frontend.
	Address   string
	Namespace string
}

// Retry is how a failed step is repeated: after InitialInterval, then after longer and longer times up to MaximumInterval.
type Retry struct {
	InitialInterval time.Duration
	MaximumInterval time.Duration
}

// Timeouts bound what a step does: Request one HTTP request, Attempt one try of the step with all its requests,
// Heartbeat the silence after which the worker that runs it is taken for dead.
type Timeouts struct {
	Request   time.Duration
	Attempt   time.Duration
	Heartbeat time.Duration
	// LateAnswer is how long after it was asked for a change may still be carried out when its answer was lost, ListLag how long
	// lists may be behind.
	LateAnswer, ListLag time.Duration
}

// Org is the Okta organisation of a name, and whether the worker holds its credentials.
func (c Config) Org(name string) (Org, bool) {
	org, held := c.Orgs[name]
	return org, held
}

// Account is the Cloudflare account of a name, and whether the worker holds its credentials.
func (c Config) Account(name string) (Account, bool) {
	account, held := c.Accounts[name]
	return account, held
}
