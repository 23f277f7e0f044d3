package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// The keys of encryption. keysKey has no flag, which would show in the list of processes.
const (
	keysKey     = "encryption.keys"
	keyFilesKey = "encryption.key_files"
	requiredKey = "encryption.required"
)

// keyFilesFlag is the flag of keyFilesKey. It names one file, as it does on the starter's command line, or several.
const keyFilesFlag = "encryption-key-files"

// encryptionKeys are the settings of encryption, for the worker and the codec server alike.
var encryptionKeys = []key{
	{keyFilesKey, "", "`files` of encryption keys, separated by commas; the first key encrypts, all decrypt", readKeyFiles},
	{keysKey, "", "", readEncryptionKeys},
	{requiredKey, "false", "`true` to refuse input that isn't encrypted, or false", readEncryptionRequired},
}

// addKeyFiles gives a command the flag that names files of keys.
func addKeyFiles(flags *pflag.FlagSet) {
	flags.String(keyFilesFlag, "", encryptionKeys[0].usage)
}

// everything are all settings that a configuration file may have, but the credentials.
func everything() []key { return slices.Concat(keys, encryptionKeys, codecServerKeys) }

// unflagged are the settings that are secret: they have no flag.
func unflagged() []key {
	return slices.DeleteFunc(everything(), func(setting key) bool { return setting.usage != "" })
}

// readKeyFiles reads the files of keys.
func readKeyFiles(l *loader, config *Config, name string) {
	var problems []string
	config.EncryptionKeyFiles = l.list(name)
	for _, file := range config.EncryptionKeyFiles {
		read, err := codec.ReadFile(file)
		if err != nil {
			problems = append(problems, err.Error())
		}
		l.warn(secret.Exposed(file, "which "+name+" names"))
		config.EncryptionKeys = append(config.EncryptionKeys, read...)
	}
	l.faults.addAll(name, problems)
	l.checkTwice(name, config.EncryptionKeys)
}

// readEncryptionKeys reads keys that the configuration holds itself. Together with files, nobody could tell which encrypts.
func readEncryptionKeys(l *loader, config *Config, name string) {
	values := l.list(name)
	if len(values) == 0 {
		return
	}
	if len(config.EncryptionKeys) > 0 {
		l.faults.add(name, "is set, and %s too; leave one of them out", keyFilesKey)
		return
	}
	var problems []string
	for index, value := range values {
		read, err := codec.Parse(value)
		if err != nil {
			problems = append(problems, fmt.Sprintf("entry %d: %v", index+1, err))
		}
		config.EncryptionKeys = append(config.EncryptionKeys, read)
	}
	l.faults.addAll(name, problems)
	l.checkTwice(name, config.EncryptionKeys)
}

// readEncryptionRequired reads whether input must be encrypted, which takes keys. It is read after them.
func readEncryptionRequired(l *loader, config *Config, name string) {
	switch value := l.viper.Get(name).(type) {
	case bool:
		config.EncryptionRequired = value
	default:
		required, err := strconv.ParseBool(l.text(name))
		if err != nil {
			l.faults.add(name, "is no word for yes or no; it must be true or false")
		}
		config.EncryptionRequired = required
	}
	if config.EncryptionRequired && len(config.EncryptionKeys) == 0 && !l.faults.has(keyFilesKey) && !l.faults.has(keysKey) {
		l.faults.add(name, "is true, but there are no keys, so that every run would be refused; set %s, or leave %s out", keyFilesKey, name)
	}
}

// checkTwice finds keys of the same ID.
func (l *loader) checkTwice(name string, keys []codec.Key) {
	if _, err := codec.New(slices.DeleteFunc(slices.Clone(keys), func(key codec.Key) bool { return key.Value.IsZero() })); err != nil {
		l.faults.add(name, "%v", err)
	}
}

// list is a setting of several texts: a list in the file, or a text with commas.
func (l *loader) list(name string) []string {
	values, isList := l.viper.Get(name).([]any)
	if !isList {
		return codec.Split(l.text(name))
	}
	var texts []string
	for index, value := range values {
		text, isText := value.(string)
		if !isText {
			l.faults.add(name, "entry %d is %s; it must be a text", index+1, kind(value))
			continue
		}
		texts = append(texts, strings.TrimSpace(text))
	}
	return texts
}
