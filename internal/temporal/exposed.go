package temporal

import (
	"os"
	"strings"

	"go.temporal.io/sdk/contrib/envconfig"

	"github.com/accessbridge/accessbridge/internal/secret"
)

// Exposed says, with the fix, of each file that Resolve reads credentials of Temporal's from that others than its owner can read it: the
// one of the profiles, where any of them has a secret, and the client's private key.
func Exposed(options Options) []string {
	lookup := options.Environment
	if lookup == nil {
		lookup = envconfig.EnvLookupOS
	}
	file := options.ConfigFile
	if file == "" {
		file, _ = lookup.LookupEnv("TEMPORAL_CONFIG_FILE")
	}
	if file == "" {
		file = envconfig.DefaultConfigFilePath()
	}
	var warnings []string
	warn := func(file, what string) {
		if warning := secret.Exposed(file, what); warning != "" {
			warnings = append(warnings, warning)
		}
	}
	if data, err := os.ReadFile(file); err == nil && len(data) > 0 {
		profiles, err := envconfig.LoadClientConfig(envconfig.LoadClientConfigOptions{ConfigFileData: data, EnvLookup: lookup})
		if err == nil && holdsSecret(profiles) {
			warn(file, "which holds credentials of Temporal's")
		}
	}
	profile, err := envconfig.LoadClientConfigProfile(envconfig.LoadClientConfigProfileOptions{
		ConfigFilePath: options.ConfigFile, ConfigFileProfile: options.Profile, EnvLookup: options.Environment,
	})
	if err == nil && profile.TLS != nil && profile.TLS.ClientKeyPath != "" {
		warn(profile.TLS.ClientKeyPath, "which holds the private key of Temporal's client")
	}
	return warnings
}

// holdsSecret reports whether any profile has an API key, a private key or an authorization header.
func holdsSecret(config envconfig.ClientConfig) bool {
	for _, profile := range config.Profiles {
		if profile.APIKey != "" || profile.TLS != nil && len(profile.TLS.ClientKeyData) > 0 {
			return true
		}
		for name := range profile.GRPCMeta {
			if strings.EqualFold(name, "authorization") {
				return true
			}
		}
	}
	return false
}
