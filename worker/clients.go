package main

import (
	"crypto/tls"
	"log/slog"
	"net/http"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// The sections of the configuration that hold credentials.
const (
	oktaOrgs           = "okta.orgs."
	cloudflareAccounts = "cloudflare.accounts."
)

// newActivities makes the steps, with a client for each credential that the worker holds.
func newActivities(settings config.Config, logger, audit *slog.Logger, measure instruments) (*activities.Activities, error) {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.TLSClientConfig = &tls.Config{RootCAs: settings.RootCAs, MinVersion: tls.VersionTLS12}
	base.MaxIdleConnsPerHost = 32
	options := transport.Options{Base: base, Timeout: settings.Timeouts.Request, Logger: logger, Audit: audit, Meter: measure.meter, Tracer: measure.traces.Tracer()}
	steps := &activities.Activities{
		Orgs: map[string]*okta.Client{}, Accounts: map[string]*cloudflare.Client{},
		Rules:        settings.Rules,
		LookupTokens: map[string]func() (secret.Secret, error){},
		Waits:        activities.Waits{Late: settings.Timeouts.LateAnswer, Lag: settings.Timeouts.ListLag},
	}
	for name, org := range settings.Orgs {
		options.MaxConcurrent, options.Renew = org.MaxConcurrentRequests, renew(org.TokenFile)
		options.Owner = oktaOrgs + name
		options.Credential = credential(options.Owner, org.TokenFile)
		client, err := okta.New(org.URL, org.Token, options)
		if err != nil {
			return nil, err
		}
		steps.Orgs[name] = client
		if read := lookupToken(org); read != nil {
			steps.LookupTokens[name] = read
		}
	}
	for name, account := range settings.Accounts {
		options.MaxConcurrent, options.Renew = account.MaxConcurrentRequests, renew(account.TokenFile)
		options.Owner = cloudflareAccounts + name
		options.Credential = credential(options.Owner, account.TokenFile)
		client, err := cloudflare.New(settings.CloudflareURL, account.ID, account.Token, options)
		if err != nil {
			return nil, err
		}
		steps.Accounts[name] = client
	}
	return steps, nil
}

// credential is the key of the configuration that an entry's token is under.
func credential(entry, file string) string {
	if file == "" {
		return entry + ".api_token"
	}
	return entry + ".api_token_file"
}

// lookupToken reads an org's token for group look-up, from its file each time: it can be replaced without a restart. nil where there is none.
func lookupToken(org config.Org) func() (secret.Secret, error) {
	switch {
	case org.LookupTokenFile != "":
		return renew(org.LookupTokenFile)
	case !org.LookupToken.IsZero():
		return func() (secret.Secret, error) { return org.LookupToken, nil }
	}
	return nil
}

// renew reads a token again from its file; nil where it is in none.
func renew(file string) func() (secret.Secret, error) {
	if file == "" {
		return nil
	}
	return func() (secret.Secret, error) { return config.TokenIn(file) }
}
