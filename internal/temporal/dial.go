// Package temporal dials Temporal for the worker and the command line alike: both find the server, the namespace and the
// credentials by the variables, the file and the profiles that every tool of Temporal reads.
package temporal

import (
	"context"
	"fmt"
	"net"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
)

// dialWithin is how long Dial waits for the server unless its options say otherwise.
const dialWithin = 10 * time.Second

// Options say which server to dial and how. What is left out comes from the TEMPORAL_* variables, then from the profile in
// Temporal's configuration file, then from Temporal's defaults: localhost:7233 and the namespace "default".
type Options struct {
	// ConfigFile is the configuration file. Default: TEMPORAL_CONFIG_FILE, or temporalio/temporal.toml in the user's
	// configuration directory.
	ConfigFile string
	// Profile is the profile in that file. Default: TEMPORAL_PROFILE, or "default".
	Profile string
	// Address is the host and port of the server.
	Address string
	// Namespace is the namespace that the runs are in.
	Namespace string
	// APIKey is sent as the bearer of the request; it makes TLS the default.
	APIKey string
	// Identity names this process in the history of a run. Default: process ID and host.
	Identity string
	// Logger gets what the SDK says. Default: nothing is logged.
	Logger log.Logger
	// DataConverter reads and writes payloads, FailureConverter failures. Default: the SDK's own.
	DataConverter    converter.DataConverter
	FailureConverter converter.FailureConverter
	// Interceptors and MetricsHandler are the SDK's.
	Interceptors   []interceptor.ClientInterceptor
	MetricsHandler client.MetricsHandler
	// Within bounds how long Dial waits for the server. Default: 10 seconds.
	Within time.Duration
	// Environment is where variables are looked up. Default: the process's.
	Environment envconfig.EnvLookup
}

// Dial connects to the server that the options lead to and checks that it answers. The caller closes the client.
func Dial(ctx context.Context, options Options) (client.Client, error) {
	resolved, err := Resolve(options)
	if err != nil {
		return nil, err
	}
	within := options.Within
	if within == 0 {
		within = dialWithin
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	dialled, err := client.DialContext(ctx, resolved)
	if err != nil {
		return nil, fmt.Errorf("reach Temporal at %s, namespace %q: %w; is the server running there, and is the address right? "+
			"Give another with TEMPORAL_ADDRESS, a profile of Temporal's configuration file, or the option that overrides both", resolved.HostPort, resolved.Namespace, err)
	}
	return dialled, nil
}

// Resolve finds what to dial without dialling: HostPort and Namespace of the answer are never empty.
func Resolve(options Options) (client.Options, error) {
	profile, err := envconfig.LoadClientConfigProfile(envconfig.LoadClientConfigProfileOptions{
		ConfigFilePath:    options.ConfigFile,
		ConfigFileProfile: options.Profile,
		EnvLookup:         options.Environment,
	})
	if err != nil {
		return client.Options{}, fmt.Errorf("read Temporal's client configuration: %w; check TEMPORAL_CONFIG_FILE and TEMPORAL_PROFILE, or the options that override them", err)
	}
	replace(&profile.Address, options.Address, client.DefaultHostPort)
	replace(&profile.Namespace, options.Namespace, client.DefaultNamespace)
	replace(&profile.APIKey, options.APIKey, "")
	resolved, err := profile.ToClientOptions(envconfig.ToClientOptionsRequest{})
	if err != nil {
		return client.Options{}, fmt.Errorf("read Temporal's client configuration: %w; check the tls settings of the profile and the TEMPORAL_TLS_* variables", err)
	}
	resolved.Identity = options.Identity
	resolved.DataConverter, resolved.FailureConverter = options.DataConverter, options.FailureConverter
	resolved.Interceptors = options.Interceptors
	resolved.MetricsHandler = options.MetricsHandler
	if resolved.Logger = options.Logger; resolved.Logger == nil {
		resolved.Logger = Quiet{}
	}
	return resolved, nil
}

// Warning says, with the fix, that what the options lead to is reached without TLS although it isn't on this machine; "" when
// it is not so.
func Warning(resolved client.Options) string {
	host, _, err := net.SplitHostPort(resolved.HostPort)
	if err != nil {
		host = resolved.HostPort
	}
	if resolved.ConnectionOptions.TLS != nil || host == "localhost" || net.ParseIP(host).IsLoopback() {
		return ""
	}
	return "Temporal at " + resolved.HostPort + " is reached without TLS: everybody between can read and change what is sent; " +
		"set TEMPORAL_TLS=true, or tls in the profile of Temporal's configuration file"
}

// replace overrides a setting where an option was given, and fills it in where nobody said anything.
func replace(setting *string, option, byDefault string) {
	if option != "" {
		*setting = option
	}
	if *setting == "" {
		*setting = byDefault
	}
}
