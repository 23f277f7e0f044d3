package transport

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/accessbridge/accessbridge/internal/secret"
)

type hiddenKey struct{}

// Hiding returns a context for requests that send a secret: no failure of theirs repeats it. A provider may quote what it was
// sent, and its words go into histories, logs and terminals. The credentials of the Authorization header are always hidden.
func Hiding(ctx context.Context, value secret.Secret) context.Context {
	return context.WithValue(ctx, hiddenKey{}, value)
}

// scrub takes out of a provider's words what the request must not have repeated.
func scrub(request *http.Request, words string) string {
	hidden, _ := request.Context().Value(hiddenKey{}).(secret.Secret)
	_, credentials, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	for _, value := range []string{hidden.Reveal(), credentials} {
		if value != "" {
			words = strings.NewReplacer(value, secret.Redacted, url.QueryEscape(value), secret.Redacted).Replace(words)
		}
	}
	return words
}
