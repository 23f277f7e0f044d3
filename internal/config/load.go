package config

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"github.com/accessbridge/accessbridge/internal/nearest"
	"github.com/accessbridge/accessbridge/internal/rules"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// loader reads settings and gathers what is wrong with them.
type loader struct {
	viper    *viper.Viper
	faults   Faults
	warnings []string
	// written are the entries of each section of credentials in the file: viper forgets those that have nothing in them.
	written map[string][]string
}

// Load reads the configuration file that --config or ACCESSBRIDGE_CONFIG names, the variables in environ (as os.Environ
// gives them) and the flags that AddFlags made and the command line set. Its error is a Faults, with everything that
// is wrong.
func Load(flags *pflag.FlagSet, environ []string) (Config, error) {
	return load(flags, environ, slices.Concat(keys, encryptionKeys), func(l *loader, config *Config) {
		config.Orgs = l.orgs()
		config.Accounts = l.accounts()
		config.Rules = l.rules()
		l.checkRules(*config)
		l.checkTimes(*config)
	})
}

// load reads the settings that a process has a use for, and what is left to it.
func load(flags *pflag.FlagSet, environ []string, settings []key, rest func(*loader, *Config)) (Config, error) {
	l := &loader{viper: viper.New()}
	variables, faults := environment(environ)
	l.faults = faults
	file := variables[configKey]
	delete(variables, configKey)
	if flag := flags.Lookup(configKey); flag != nil && flag.Changed {
		file = flag.Value.String()
	}
	if !l.readFile(file) {
		return Config{}, l.faults.sorted()
	}
	for _, setting := range settings {
		l.viper.SetDefault(setting.name, setting.fallback)
		if flag := flags.Lookup(flagName(setting.name)); flag != nil && flag.Changed {
			// Settings that are set win over bound flags in viper: the flag is set over the variable.
			variables[setting.name] = flag.Value.String()
		}
	}
	for name, value := range variables {
		l.viper.Set(name, value)
	}
	var config Config
	l.checkKeys()
	for _, setting := range settings {
		setting.read(l, &config, setting.name)
	}
	rest(l, &config)
	config.Warnings = l.warnings
	if len(l.faults) > 0 {
		return Config{}, l.faults.sorted()
	}
	return config, nil
}

// readFile reads the configuration file, and tells whether that went well; "" is none.
func (l *loader) readFile(file string) bool {
	if file == "" {
		return true
	}
	l.viper.SetConfigFile(file)
	l.viper.SetConfigType("yaml")
	err := l.viper.ReadInConfig()
	var malformed viper.ConfigParseError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.faults.add(file, "there is no such configuration file; give --config the path of one, or leave it out")
	case errors.As(err, &malformed):
		l.faults.add(file, "is not YAML: %s", withoutQuotations(malformed.Unwrap().Error()))
	case err != nil:
		l.faults.add(file, "can't be read: %v", cause(err))
	default:
		l.warnOfTokens(file)
		l.noteEntries()
	}
	return err == nil
}

// noteEntries remembers which credentials the file has.
func (l *loader) noteEntries() {
	l.written = map[string][]string{}
	for _, kind := range []credential{orgs, accounts} {
		l.written[kind.section] = slices.Collect(maps.Keys(l.viper.GetStringMap(kind.section)))
	}
}

// warnOfTokens warns of a configuration file that holds tokens or keys and that everybody on the machine can read.
func (l *loader) warnOfTokens(file string) {
	if slices.ContainsFunc(l.viper.AllKeys(), isSecret) {
		l.warn(secret.Exposed(file, "which holds tokens or keys"))
	}
}

// isSecret tells whether a key's value must not be seen.
func isSecret(name string) bool {
	return strings.HasSuffix(name, "."+fieldToken) || slices.ContainsFunc(unflagged(), func(setting key) bool { return setting.name == name })
}

// warn notes a warning; "" is none.
func (l *loader) warn(warning string) {
	if warning != "" {
		l.warnings = append(l.warnings, warning)
	}
}

// withoutQuotations cuts what a YAML error quotes from the file: it may be a token.
func withoutQuotations(message string) string {
	for {
		before, rest, found := strings.Cut(message, "`")
		_, after, closed := strings.Cut(rest, "`")
		if !found || !closed {
			return before
		}
		message = before + "(a value)" + after
	}
}

// cause is what the system said about a file, without the path that is named anyway.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// checkKeys finds the keys that no setting has, and values where a section must be.
func (l *loader) checkKeys() {
	names := l.viper.AllKeys()
	slices.Sort(names)
	for _, name := range names {
		candidates := candidates(name)
		value := l.viper.Get(name)
		switch {
		case slices.Contains(candidates, name):
		case value == nil, isSection(value):
			// An empty section says nothing; one that a variable fills is read by its own keys.
		case isRules(name): // they are a list, which is read as a whole
		case slices.ContainsFunc(candidates, func(known string) bool { return strings.HasPrefix(known, name+".") }):
			l.faults.add(name, "is %s; it must be a section with keys of its own", kind(value))
		default:
			l.faults.add(name, "is a key that the worker doesn't know%s", suggestion(name, candidates))
		}
	}
}

// candidates are the keys that a key could be or mean: its own entry's, where it is about credentials.
func candidates(name string) []string {
	var known []string
	for _, setting := range everything() {
		known = append(known, setting.name)
	}
	for _, kind := range []credential{orgs, accounts} {
		entry := "<name>"
		if rest, found := strings.CutPrefix(name, kind.section+"."); found {
			entry, _, _ = strings.Cut(rest, ".")
		}
		for _, field := range kind.fields {
			known = append(known, kind.section+"."+entry+"."+field)
		}
	}
	return append(known, rules.Key)
}

// suggestion is the end of a sentence about an unknown key: which one its writer may have meant, or which there are
// beside it.
func suggestion(name string, candidates []string) string {
	if meant := nearest.Name(name, candidates); meant != "" {
		return "; did you mean " + meant + "?"
	}
	section := name[:strings.LastIndex(name, ".")+1]
	var beside []string
	for _, known := range candidates {
		rest, found := strings.CutPrefix(known, section)
		field, _, _ := strings.Cut(rest, ".")
		if found && !slices.Contains(beside, field) {
			beside = append(beside, field)
		}
	}
	if len(beside) == 0 {
		return ""
	}
	return "; known here are " + strings.Join(beside, ", ")
}

// isSection tells whether a value holds keys of its own.
func isSection(value any) bool {
	_, section := value.(map[string]any)
	return section
}

// kind says what a value is, without showing it.
func kind(value any) string {
	switch value.(type) {
	case nil:
		return "empty"
	case map[string]any:
		return "a section"
	case []any:
		return "a list"
	case bool:
		return "true or false"
	case string:
		return "a text"
	default:
		return "a number"
	}
}

// readSmallFile reads a file of at most 1 MiB.
func readSmallFile(path string) ([]byte, error) {
	const most = 1 << 20
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, cause(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > most:
		return nil, errors.New("it is larger than 1 MiB")
	}
	data, err := os.ReadFile(path)
	return data, cause(err)
}
