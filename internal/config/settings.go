package config

import (
	"crypto/x509"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// text is the setting's value, without white space around it; anything but a text is a fault.
func (l *loader) text(name string) string {
	switch value := l.viper.Get(name).(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(value)
	case time.Time:
		l.faults.add(name, "is a date; put it in quotes")
	case bool:
		l.faults.add(name, "is true or false; put it in quotes if it is meant as a text")
	case map[string]any, []any:
		l.faults.add(name, "is %s; it must be a text", kind(value))
	default:
		// A number may have lost digits or leading zeros already.
		l.faults.add(name, "is a number; put it in quotes")
	}
	return ""
}

// text reads a setting into a field of the configuration.
func text(field func(*Config) *string) func(*loader, *Config, string) {
	return func(l *loader, config *Config, name string) { *field(config) = l.text(name) }
}

// duration reads a length of time, which must be longer than nothing.
func duration(field func(*Config) *time.Duration) func(*loader, *Config, string) {
	return func(l *loader, config *Config, name string) {
		value := l.text(name)
		parsed, err := time.ParseDuration(value)
		if err != nil || parsed <= 0 {
			l.faults.add(name, "is %q; it must be a number with its unit, such as 500ms, 20s or 2m, and more than 0", value)
		}
		*field(config) = parsed
	}
}

// durationOrNever reads a length of time; 0 is never.
func durationOrNever(field func(*Config) *time.Duration) func(*loader, *Config, string) {
	read := duration(field)
	return func(l *loader, config *Config, name string) {
		if parsed, err := time.ParseDuration(l.text(name)); err != nil || parsed != 0 {
			read(l, config, name)
		}
	}
}

// address reads a host and a port.
func address(field func(*Config) *string) func(*loader, *Config, string) {
	return func(l *loader, config *Config, name string) {
		value := l.text(name)
		*field(config) = value
		if value == "" {
			return
		}
		_, port, err := net.SplitHostPort(value)
		if _, notNumber := strconv.ParseUint(port, 10, 16); err != nil || notNumber != nil {
			l.faults.add(name, "is %q; it must be a host and a port, such as 127.0.0.1:8080", value)
		}
	}
}

func readTaskQueue(l *loader, config *Config, name string) {
	config.TaskQueue = l.text(name)
	if config.TaskQueue == "" {
		l.faults.add(name, "is empty; give it a name, or leave it out")
	}
}

func readLogLevel(l *loader, config *Config, name string) {
	value := l.text(name)
	switch strings.ToLower(value) {
	case "debug", "info", "warn", "error":
		_ = config.LogLevel.UnmarshalText([]byte(value)) // these four can't fail
	default:
		l.faults.add(name, "is %q; it must be debug, info, warn or error", value)
	}
}

func readLogFormat(l *loader, config *Config, name string) {
	config.LogFormat = l.text(name)
	if config.LogFormat != FormatText && config.LogFormat != FormatJSON {
		l.faults.add(name, "is %q; it must be %s or %s", config.LogFormat, FormatText, FormatJSON)
	}
}

func readCloudflareURL(l *loader, config *Config, name string) {
	config.CloudflareURL = strings.TrimRight(l.text(name), "/")
	if problem := urlProblem(config.CloudflareURL); problem != "" {
		l.faults.add(name, "%s; it must be like https://api.cloudflare.com/client/v4", problem)
	}
}

func readCAFile(l *loader, config *Config, name string) {
	config.CAFile = l.text(name)
	if config.CAFile == "" {
		return
	}
	certificates, err := readSmallFile(config.CAFile)
	if err != nil {
		l.faults.add(name, "%s can't be read: %v", config.CAFile, err)
		return
	}
	if config.RootCAs, err = x509.SystemCertPool(); err != nil {
		config.RootCAs = x509.NewCertPool()
		l.warnings = append(l.warnings, "the system's certificates can't be read ("+err.Error()+"): only those of ca_file are trusted")
	}
	if !config.RootCAs.AppendCertsFromPEM(certificates) {
		l.faults.add(name, "%s holds no certificate in PEM form", config.CAFile)
	}
}

// checkTimes finds lengths of time that don't fit each other.
func (l *loader) checkTimes(config Config) {
	if !l.faults.has("retry.maximum_interval") && config.Retry.InitialInterval > config.Retry.MaximumInterval {
		l.faults.add("retry.initial_interval", "is %s; it must not be longer than retry.maximum_interval, which is %s", config.Retry.InitialInterval, config.Retry.MaximumInterval)
	}
	if !l.faults.has("timeouts.request") && config.Timeouts.LateAnswer <= config.Timeouts.Request {
		l.faults.add("timeouts.late_answer", "is %s; it must be longer than timeouts.request, which is %s", config.Timeouts.LateAnswer, config.Timeouts.Request)
	}
	if l.faults.has("timeouts.attempt") {
		return
	}
	if config.Timeouts.Request >= config.Timeouts.Attempt {
		l.faults.add("timeouts.request", "is %s; it must be shorter than timeouts.attempt, which is %s", config.Timeouts.Request, config.Timeouts.Attempt)
	}
	if config.Timeouts.Heartbeat >= config.Timeouts.Attempt {
		l.faults.add("timeouts.heartbeat", "is %s; it must be shorter than timeouts.attempt, which is %s", config.Timeouts.Heartbeat, config.Timeouts.Attempt)
	}
}

// urlProblem says what is wrong with a URL that requests are sent to; "" is nothing.
func urlProblem(value string) string {
	parsed, err := url.Parse(value)
	switch {
	case value == "":
		return "is missing"
	case err != nil:
		return "is not a URL"
	case parsed.Scheme != "https":
		return "doesn't start with https://"
	case parsed.Hostname() == "":
		return "has no host"
	case parsed.User != nil:
		return "has a user or a password in it"
	case parsed.RawQuery != "" || parsed.ForceQuery || parsed.Fragment != "":
		return "has a query or a fragment in it"
	}
	return ""
}
