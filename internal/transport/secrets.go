package transport

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/accessbridge/accessbridge/internal/secret"
)

// Secrecy says what the answers to a request can show.
type Secrecy int

// The degrees of secrecy.
const (
	// Open answers show no secret.
	Open Secrecy = iota
	// Partly secret answers show a secret among other things. Their connection is not used again: net/http logs what it finds on
	// an idle one, which is the rest of an answer whose Content-Length was too small.
	Partly
	// Wholly secret answers are made of secrets. Of their failures the code is told, and no words.
	Wholly
)

type hiddenKey struct{}

// Hiding returns a context for requests that send secrets: no failure of theirs repeats one. A provider may quote what it was
// sent, and its words go into histories, logs and terminals. The credentials of the Authorization header are always hidden.
func Hiding(ctx context.Context, values ...secret.Secret) context.Context {
	all := slices.Clone(hidden(ctx))
	for _, value := range values {
		if !value.IsZero() {
			all = append(all, value)
		}
	}
	return context.WithValue(ctx, hiddenKey{}, all)
}

// hidden are the secrets that the requests of a context send.
func hidden(ctx context.Context) []secret.Secret {
	values, _ := ctx.Value(hiddenKey{}).([]secret.Secret)
	return values
}

// sent are the secrets that a request holds.
func sent(request *http.Request) []string {
	_, credentials, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	all := []string{credentials}
	for _, value := range hidden(request.Context()) {
		all = append(all, value.Reveal())
	}
	return all
}

const (
	// shownPart is how many consecutive characters of a secret are too many to show.
	shownPart = 8
	// shortest is the length from which a secret is looked for in other encodings too: those of a shorter one would be found everywhere.
	shortest = 6
	// mostScrubbed bounds the words that are looked through, in bytes. What is shown of them is much less.
	mostScrubbed = 8 << 10
)

// tokenLike matches what may be a secret that is not known here. Ids of both providers are shorter, and names are of one case.
var tokenLike = regexp.MustCompile(`[A-Za-z0-9_-]{40,}`)

// scrub takes out of a provider's words the secrets that the request sent, each of their parts, in the usual encodings, and what
// looks like a secret.
func scrub(request *http.Request, words string) string {
	words = words[:min(len(words), mostScrubbed)]
	hidden := make([]bool, len(words))
	for _, value := range sent(request) {
		for window, parts := range partsOf(value) {
			for at := 0; at+window <= len(words); at++ {
				if parts[words[at:at+window]] {
					for i := range window {
						hidden[at+i] = true
					}
				}
			}
		}
	}
	return tokenLike.ReplaceAllStringFunc(redact(words, hidden), func(found string) string {
		if strings.ContainsFunc(found, unicode.IsUpper) && strings.ContainsFunc(found, unicode.IsLower) && strings.ContainsFunc(found, unicode.IsDigit) {
			return secret.Redacted
		}
		return found
	})
}

// redact replaces each run of hidden bytes.
func redact(words string, hidden []bool) string {
	var shown strings.Builder
	for i := range len(words) {
		switch {
		case !hidden[i]:
			shown.WriteByte(words[i])
		case i == 0 || !hidden[i-1]:
			shown.WriteString(secret.Redacted)
		}
	}
	return shown.String()
}

// partsOf are the parts of a secret that must not be shown, by their length, in each encoding that a provider may quote it in.
func partsOf(value string) map[int]map[string]bool {
	parts := map[int]map[string]bool{}
	add := func(text string, window int) {
		if text == "" {
			return
		}
		window = min(window, len(text))
		if parts[window] == nil {
			parts[window] = map[string]bool{}
		}
		for at := 0; at+window <= len(text); at++ {
			parts[window][text[at:at+window]] = true
		}
	}
	add(value, shownPart)
	if len(value) < shortest {
		return parts
	}
	add(url.QueryEscape(value), shownPart)
	add(url.PathEscape(value), shownPart)
	digits := hex.EncodeToString([]byte(value))
	add(digits, 2*shownPart)
	add(strings.ToUpper(digits), 2*shownPart)
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for skipped := range 3 { // where among other bytes the secret begins decides what its encoding looks like
			add(encoding.EncodeToString([]byte(value[skipped:])), shownPart)
		}
	}
	return parts
}
