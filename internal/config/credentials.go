package config

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/accessbridge/accessbridge/internal/secret"
)

var (
	entryName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	accountID = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// oktaDomains are those that Okta gives organisations names under.
var oktaDomains = []string{"okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "okta.mil"}

// orgs reads the Okta organisations.
func (l *loader) orgs() map[string]Org {
	held := map[string]Org{}
	for _, name := range l.entries(orgs) {
		key := orgs.section + "." + name
		held[name] = Org{
			Name: name, URL: l.orgURL(key + "." + fieldURL), Token: l.token(key), TokenFile: l.text(key + "." + fieldTokenFile), MaxConcurrentRequests: l.concurrent(key, orgs),
			LookupToken: l.lookupToken(key), LookupTokenFile: l.text(key + "." + fieldLookupTokenFile),
		}
	}
	return held
}

// accounts reads the Cloudflare accounts.
func (l *loader) accounts() map[string]Account {
	held := map[string]Account{}
	for _, name := range l.entries(accounts) {
		key := accounts.section + "." + name
		id := strings.ToLower(l.text(key + "." + fieldAccountID))
		if !accountID.MatchString(id) {
			// The value is not shown: a token may have got here by mistake.
			l.faults.add(key+"."+fieldAccountID, "must be the 32 hexadecimal digits that Cloudflare shows as the account ID; it has %d characters", len(id))
		}
		held[name] = Account{Name: name, ID: id, Token: l.token(key), TokenFile: l.text(key + "." + fieldTokenFile), MaxConcurrentRequests: l.concurrent(key, accounts)}
	}
	return held
}

// entries are the names in a section of credentials.
func (l *loader) entries(kind credential) []string {
	names := slices.Clone(l.written[kind.section])
	for _, key := range l.viper.AllKeys() {
		rest, found := strings.CutPrefix(key, kind.section+".")
		name, _, _ := strings.Cut(rest, ".")
		if found && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if !entryName.MatchString(name) {
			l.faults.add(kind.section+"."+name, "is no name that a connection can use; it must be lower-case letters, digits and hyphens")
		}
	}
	if len(names) == 0 {
		l.faults.add(kind.section, "has no entry; the worker needs the credentials of at least one: %s.<name>.{%s}", kind.section, strings.Join(kind.fields, ", "))
	}
	return names
}

// orgURL reads an organisation's URL.
func (l *loader) orgURL(key string) string {
	value := strings.TrimSuffix(l.text(key), "/")
	if scheme, host, found := strings.Cut(value, "://"); found { // neither has upper and lower case of its own
		value = strings.ToLower(scheme) + "://" + lowerHost(host)
	}
	problem := urlProblem(value)
	if problem == "" {
		parsed, _ := url.Parse(value)
		if parsed.Path != "" {
			problem = "has a path in it"
		}
		if instead := withoutAdmin(parsed); instead != "" {
			l.faults.add(key, "is %q, the address of the admin console; use %s", value, instead)
			return value
		}
	}
	if problem != "" {
		l.faults.add(key, "%s; it must be https:// and the organisation's host, such as https://acme.okta.com", problem)
	}
	return value
}

// lowerHost is a host, with a path where there is one, in lower case.
func lowerHost(host string) string {
	name, path, _ := strings.Cut(host, "/")
	return strings.TrimSuffix(strings.ToLower(name)+"/"+path, "/")
}

// withoutAdmin is the organisation's URL when the given one is of its admin console, or "".
func withoutAdmin(console *url.URL) string {
	organisation, domain, _ := strings.Cut(console.Host, ".")
	organisation, admin := strings.CutSuffix(organisation, "-admin")
	if !admin || !slices.Contains(oktaDomains, domain) {
		return ""
	}
	return "https://" + organisation + "." + domain
}

// mostConcurrent is more than any provider answers at the same time: a number above it is a mistake.
const mostConcurrent = 1000

// concurrent reads how many requests about an entry may be under way at the same time.
func (l *loader) concurrent(entry string, kind credential) int {
	key := entry + "." + fieldConcurrent
	value := l.viper.Get(key)
	if value == nil {
		return kind.concurrent
	}
	number, err := strconv.Atoi(strings.TrimSpace(fmt.Sprint(value)))
	if err != nil || number < 1 || number > mostConcurrent {
		l.faults.add(key, "must be a whole number from 1 to %d", mostConcurrent)
	}
	return number
}

// token reads an API token from the entry's api_token or from the file that its api_token_file names.
func (l *loader) token(entry string) secret.Secret {
	key, fileKey := entry+"."+fieldToken, entry+"."+fieldTokenFile
	if l.viper.Get(key) == nil && l.viper.Get(fileKey) == nil {
		l.faults.add(key, "is missing; set it, or let %s name a file that holds the token", fieldTokenFile)
		return secret.Secret{}
	}
	if l.text(key) == "" && l.text(fileKey) == "" {
		l.faults.add(key, "is empty; write the token there, or let %s name a file that holds it", fieldTokenFile)
	}
	return l.valueOrFile(key, fileKey, fieldTokenFile)
}

// lookupToken reads the token that an entry's Cloudflare accounts are to look groups up with; a zero one where there is none.
func (l *loader) lookupToken(entry string) secret.Secret {
	return l.valueOrFile(entry+"."+fieldLookupToken, entry+"."+fieldLookupTokenFile, fieldLookupTokenFile)
}

// valueOrFile reads a token from a key, or from the file that another key names.
func (l *loader) valueOrFile(key, fileKey, fileName string) secret.Secret {
	token, file := l.text(key), l.text(fileKey)
	switch {
	case token != "" && file != "":
		l.faults.add(key, "is set, and %s too; leave one of them out", fileName)
	case file != "":
		token = l.tokenFile(fileKey, file)
		key = fileKey
	}
	if !wellFormed(token) {
		l.faults.add(key, "holds a token with white space or characters that no token has; copy it again")
	}
	return secret.New(token)
}

// wellFormed reports whether a token has the characters of one.
func wellFormed(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) || r == ' ' })
}

// TokenIn reads a token from its file again, which someone may have replaced since the worker started.
func TokenIn(file string) (secret.Secret, error) {
	token, err := trimmed(file)
	if err == nil && !wellFormed(token) {
		err = fmt.Errorf("%s holds a token with white space or characters that no token has", secret.ShownPath(file))
	}
	return secret.New(token), err
}

// trimmed is what a small file holds, without white space around it.
func trimmed(file string) (string, error) {
	data, err := readSmallFile(file)
	return strings.TrimSpace(string(data)), err
}

// tokenFile reads a token from a file, and warns when everybody on the machine can.
func (l *loader) tokenFile(key, file string) string {
	token, err := trimmed(file)
	if err != nil {
		l.faults.add(key, "%s can't be read: %v", secret.ShownPath(file), err)
		return ""
	}
	l.warn(secret.Exposed(file, "which "+key+" names"))
	if token == "" {
		l.faults.add(key, "%s is empty; write the token into it", file)
	}
	return token
}
