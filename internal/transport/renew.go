package transport

import (
	"net/http"
	"strings"
	"sync"

	"github.com/accessbridge/accessbridge/internal/secret"
)

// token is the API token that requests are sent with, where it isn't the one any more that the SDK was made with.
type token struct {
	mutex   sync.Mutex
	renewed secret.Secret
}

// authorize gives a request the renewed token, if there is one, and returns the one that it is sent with; "" for a request that is
// authorized otherwise, as a client by its secret.
func (t *token) authorize(request *http.Request) string {
	scheme, value, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	if value == "" || strings.EqualFold(scheme, "Basic") {
		return ""
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if !t.renewed.IsZero() {
		value = t.renewed.Reveal()
		request.Header.Set("Authorization", scheme+" "+value)
	}
	return value
}

// renew reads the token again, and reports whether it is another than the one that was refused.
func (t *token) renew(read func() (secret.Secret, error), refused string) bool {
	found, err := read()
	if err != nil || found.IsZero() || found.Reveal() == refused {
		return false
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.renewed = found
	return true
}

// again makes a request that was refused for its token ready to be sent once more, with a new one, and reports whether there is one. What a
// provider refused with 401 it didn't carry out.
func (t *roundTripper) again(request *http.Request, refused string, err error) bool {
	if refused == "" || t.options.Renew == nil || !Is(err, Unauthorized) || !t.token.renew(t.options.Renew, refused) {
		return false
	}
	if request.Body == nil || request.Body == http.NoBody {
		return true
	}
	if request.GetBody == nil {
		return false
	}
	body, failed := request.GetBody()
	request.Body = body
	return failed == nil
}
