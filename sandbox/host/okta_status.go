package host

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// oktaFaults gives injected statuses the error bodies and headers of Okta.
type oktaFaults struct{ *okta.Org }

var _ kit.Lister = oktaFaults{}

// oktaErrors are Okta's codes and summaries by status; others get that of 400 or of 500.
var oktaErrors = map[int][2]string{
	http.StatusBadRequest:          {"E0000001", "Api validation failed: refused by a fault"},
	http.StatusUnauthorized:        {"E0000011", "Invalid token provided"},
	http.StatusForbidden:           {"E0000006", "You do not have permission to perform the requested action"},
	http.StatusNotFound:            {"E0000007", "Not found: Resource not found"},
	http.StatusTooManyRequests:     {"E0000047", "API call exceeded rate limit due to too many requests."},
	http.StatusInternalServerError: {"E0000009", "Internal Server Error"},
}

// WriteStatus writes an error as Okta does. A 429 says that the limit ends in a second.
func (o oktaFaults) WriteStatus(w http.ResponseWriter, _ *http.Request, status int) {
	header := w.Header()
	header.Set("X-Okta-Request-Id", rand.Text())
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	if status == http.StatusTooManyRequests && header.Get("X-Rate-Limit-Reset") == "" {
		header["X-Rate-Limit-Limit"], header["X-Rate-Limit-Remaining"] = []string{"100"}, []string{"0"}
		header["X-Rate-Limit-Reset"] = []string{strconv.FormatInt(time.Now().Unix()+1, 10)}
	}
	if status < http.StatusBadRequest {
		w.WriteHeader(status)
		return
	}
	problem, known := oktaErrors[status]
	switch {
	case known:
	case status < http.StatusInternalServerError:
		problem = oktaErrors[http.StatusBadRequest]
	default:
		problem = oktaErrors[http.StatusInternalServerError]
	}
	header.Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errorCode": problem[0], "errorSummary": problem[1], "errorLink": problem[0], "errorId": "oae" + rand.Text(), "errorCauses": []any{},
	})
}
