package config

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"slices"

	"github.com/spf13/pflag"

	"github.com/accessbridge/accessbridge/internal/secret"
)

// codecServerSection is the section of the codec server's settings; its flags leave the name of the section out.
const codecServerSection = "codec_server"

// The keys of the codec server that others name.
const (
	listenKey   = codecServerSection + ".listen"
	tokenKey    = codecServerSection + ".token"
	certFileKey = codecServerSection + ".tls_cert_file"
	keyFileKey  = codecServerSection + ".tls_key_file"
)

// CodecServer is how a codec server runs.
type CodecServer struct {
	// Listen is host:port.
	Listen string
	// UIOrigins are those whose pages may ask: Temporal UI's.
	UIOrigins []string
	// Token is what callers must know. It is zero only where Listen is of this machine alone.
	Token secret.Secret
	// Certificate is what it proves itself with; nil, for plain HTTP, only where Listen is of this machine alone.
	Certificate *tls.Certificate
}

// codecServerKeys are the settings of the codec server.
var codecServerKeys = []key{
	{listenKey, "127.0.0.1:8081", "`host:port` to listen on", address(func(c *Config) *string { return &c.CodecServer.Listen })},
	{codecServerSection + ".ui_origins", "http://localhost:8233", "`origins` of Temporal UI, separated by commas: scheme, host and port of its address", readOrigins},
	{codecServerSection + ".token_file", "", "`file` of the token that callers must send", readCodecServerToken},
	{certFileKey, "", "`file` of the certificate to serve TLS with (PEM)", readCertificate},
	{keyFileKey, "", "`file` of the certificate's private key (PEM)", func(*loader, *Config, string) {}},
	{tokenKey, "", "", func(*loader, *Config, string) {}},
}

// AddCodecServerFlags gives a command the flags of the codec server.
func AddCodecServerFlags(flags *pflag.FlagSet) {
	flags.String(configKey, "", "configuration `file`, in YAML")
	for _, setting := range slices.Concat(codecServerKeys, logKeys()) {
		if setting.usage != "" {
			flags.String(flagName(setting.name), setting.fallback, setting.usage)
		}
	}
	addKeyFiles(flags)
}

// logKeys are the settings of what is logged.
func logKeys() []key {
	return slices.DeleteFunc(slices.Clone(keys), func(setting key) bool { return setting.name != "log.level" && setting.name != "log.format" })
}

// LoadCodecServer reads what a codec server needs of a worker's configuration: it has no use for tokens of Okta and
// Cloudflare, and should not have them. Its error is a Faults.
func LoadCodecServer(flags *pflag.FlagSet, environ []string) (Config, error) {
	return load(flags, environ, slices.Concat(logKeys(), encryptionKeys, codecServerKeys), func(l *loader, config *Config) {
		if len(config.EncryptionKeys) == 0 {
			l.faults.add(keyFilesKey, "is missing; set it: without keys there is nothing to decrypt with")
		}
		if Loopback(config.CodecServer.Listen) {
			return
		}
		// What is given and wrong was told of already.
		if l.text(tokenKey) == "" && l.text(codecServerSection+".token_file") == "" {
			l.faults.add(tokenKey, "is missing; a codec server that listens on %s is reached from other machines and must ask for a token: set %s, or listen on this machine alone", config.CodecServer.Listen, codecServerSection+".token_file")
		}
		if l.text(certFileKey) == "" && l.text(keyFileKey) == "" {
			l.faults.add(certFileKey, "is missing; a codec server that listens on %s is reached from other machines and must serve TLS: set it and %s, or listen on this machine alone", config.CodecServer.Listen, keyFileKey)
		}
	})
}

// leastCodecToken is how many characters the codec server's token must have: whoever guesses it can read every run.
const leastCodecToken = 16

// Loopback tells whether an address is of this machine alone.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// readCodecServerToken reads the token from its own key or from a file.
func readCodecServerToken(l *loader, config *Config, name string) {
	token := l.valueOrFile(tokenKey, name, "token_file")
	config.CodecServer.Token = token
	if n := len(token.Reveal()); n > 0 && n < leastCodecToken {
		key := name
		if l.text(tokenKey) != "" {
			key = tokenKey
		}
		l.faults.add(key, "holds a token of fewer than %d characters, which can be guessed; make one with: openssl rand -hex 24", leastCodecToken)
	}
}

// readOrigins reads the origins of Temporal UI.
func readOrigins(l *loader, config *Config, name string) {
	config.CodecServer.UIOrigins = l.list(name)
	var problems []string
	for _, origin := range config.CodecServer.UIOrigins {
		parsed, err := url.Parse(origin)
		switch {
		case err != nil, parsed.Host == "", parsed.Scheme+"://"+parsed.Host != origin:
			problems = append(problems, fmt.Sprintf("has %q; an origin is scheme, host and port and nothing else, such as https://temporal.example.com", origin))
		case parsed.Scheme != "https" && (parsed.Scheme != "http" || !Loopback(parsed.Host)):
			problems = append(problems, fmt.Sprintf("has %q; beyond this machine it must be https", origin))
		}
	}
	l.faults.addAll(name, problems)
}

// readCertificate reads the certificate and its private key.
func readCertificate(l *loader, config *Config, name string) {
	certFile, keyFile := l.text(certFileKey), l.text(keyFileKey)
	switch {
	case certFile == "" && keyFile == "":
		return
	case certFile == "":
		l.faults.add(certFileKey, "is missing; set it too: %s needs its certificate", keyFileKey)
		return
	case keyFile == "":
		l.faults.add(keyFileKey, "is missing; set it too: %s needs its private key", certFileKey)
		return
	}
	l.warn(secret.Exposed(keyFile, "which "+keyFileKey+" names"))
	certificate, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		l.faults.add(name, "%s and %s hold no certificate with its private key: %v", certFile, keyFile, cause(err))
		return
	}
	config.CodecServer.Certificate = &certificate
}
