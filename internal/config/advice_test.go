package config_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/accessbridge/accessbridge/internal/config"
)

// settings are what a worker, or a codec server, is started with.
type settings struct {
	text      string
	environ   []string
	arguments []string
}

// advised is what a fault in the configuration says to do. Each way to do it is one that the process starts with.
type advised struct {
	advice string
	wrong  settings
	ways   []settings
	// codecServer means that it is the configuration of a codec server.
	codecServer bool
}

func TestAdvice_IsDone_AndTheConfigurationHasNoFault(t *testing.T) {
	t.Parallel()
	for _, row := range slices.Concat(credentialAdvice(t), settingAdvice(t), encryptionAdvice(t), codecServerAdvice(t), ruleAdvice()) {
		t.Run(row.advice, func(t *testing.T) {
			t.Parallel()
			_, err := row.load(t, row.wrong)
			var faults config.Faults
			if !errors.As(err, &faults) || !slices.ContainsFunc(faults, func(fault config.Fault) bool { return strings.Contains(fault.Problem, row.advice) }) {
				t.Fatalf("it is refused with other advice: %v", err)
			}
			for i, way := range row.ways {
				if _, err := row.load(t, way); err != nil {
					t.Errorf("way %d: what the advice says was done, and yet: %v", i+1, err)
				}
			}
		})
	}
}

func (row advised) load(t *testing.T, with settings) (config.Config, error) {
	t.Helper()
	if !row.codecServer {
		return load(t, with.text, with.environ, with.arguments...)
	}
	flags := pflag.NewFlagSet("codec-server", pflag.ContinueOnError)
	config.AddCodecServerFlags(flags)
	if err := flags.Parse(with.arguments); err != nil {
		t.Fatal(err)
	}
	return config.LoadCodecServer(flags, with.environ)
}

// inFile are settings that a file alone holds, besides the least that a worker needs.
func inFile(text string) settings { return settings{text: least + text} }

// byFlags are settings beside the least.
func byFlags(arguments ...string) settings { return settings{text: least, arguments: arguments} }

// ofOrg is the least configuration with an org of other fields.
func ofOrg(org string) settings { return settings{text: with(org)} }

// credentialAdvice is about the credentials of orgs and accounts.
func credentialAdvice(t *testing.T) []advised {
	const url = "url: 'https://acme.okta.com', "
	token, empty := write(t, "token", orgToken+"\n"), write(t, "empty", "\n")
	ofAccount := func(id string) settings { return settings{text: strings.Replace(least, accountID, id, 1)} }
	return []advised{
		{
			advice: "it must be https:// and the organisation's host, such as https://acme.okta.com",
			wrong:  ofOrg("api_token: t, url: 'http://acme.okta.com/admin'"), ways: []settings{ofOrg("api_token: t, url: 'https://acme.okta.com'")},
		},
		{
			advice: "use https://acme.okta.com",
			wrong:  ofOrg("api_token: t, url: 'https://acme-admin.okta.com'"), ways: []settings{ofOrg("api_token: t, url: 'https://acme.okta.com'")},
		},
		{
			advice: "set it, or let api_token_file name a file that holds the token",
			wrong:  ofOrg("url: 'https://acme.okta.com'"), ways: []settings{ofOrg(url + "api_token: t"), ofOrg(url + "api_token_file: " + token)},
		},
		{
			advice: "write the token there, or let api_token_file name a file that holds it",
			wrong:  ofOrg(url + "api_token: ''"), ways: []settings{ofOrg(url + "api_token: t"), ofOrg(url + "api_token_file: " + token)},
		},
		{
			advice: "leave one of them out",
			wrong:  ofOrg(url + "api_token: t, api_token_file: " + token), ways: []settings{ofOrg(url + "api_token: t"), ofOrg(url + "api_token_file: " + token)},
		},
		{advice: "copy it again", wrong: ofOrg(url + "api_token: 'SSWS t'"), ways: []settings{ofOrg(url + "api_token: t")}},
		{advice: "write the token into it", wrong: ofOrg(url + "api_token_file: " + empty), ways: []settings{ofOrg(url + "api_token_file: " + token)}},
		{
			advice: "which must name a file and not be the secret itself,",
			wrong:  ofOrg(url + "api_token_file: " + orgToken), ways: []settings{ofOrg(url + "api_token_file: " + token)},
		},
		{
			advice: "must be the 32 hexadecimal digits that Cloudflare shows as the account ID",
			wrong:  ofAccount("acme"), ways: []settings{ofAccount(accountID)},
		},
		{advice: "put it in quotes", wrong: ofAccount(strings.Repeat("1", 32)), ways: []settings{ofAccount("'" + strings.Repeat("1", 32) + "'")}},
		{
			advice: "it must be lower-case letters, digits and hyphens",
			wrong:  settings{text: strings.Replace(least, "acme:", "Acme_EU:", 1)}, ways: []settings{{text: strings.Replace(least, "acme:", "acme-eu:", 1)}},
		},
		{
			advice: "the worker needs the credentials of at least one: okta.orgs.<name>.{url, api_token, api_token_file, max_concurrent_requests, group_lookup_token, group_lookup_token_file}",
			wrong:  settings{text: least[strings.Index(least, "cloudflare:"):]},
			ways:   []settings{{text: least}},
		},
		{
			advice: "must be a whole number from 1 to 1000",
			wrong:  ofOrg(url + "api_token: t, max_concurrent_requests: 0"),
			ways:   []settings{ofOrg(url + "api_token: t, max_concurrent_requests: 1"), ofOrg(url + "api_token: t, max_concurrent_requests: 1000")},
		},
	}
}
