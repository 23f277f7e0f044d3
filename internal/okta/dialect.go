package okta

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// dialect is how Okta words its failures and limits (developer.okta.com: errors, rate limits).
var dialect = transport.Dialect{
	Provider:  "okta",
	RequestID: "X-Okta-Request-Id",
	JSON:      func(r *http.Request) bool { return r.URL.Path != authorizePath },
	Changes:   func(r *http.Request) bool { return r.Method != http.MethodGet && r.URL.Path != introspectPath },
	Secrecy:   secrecy,
	Explain:   explain,
	Kind:      refine,
	Limit:     limit,
	Bucket:    bucket,
	Endpoints: Endpoints,
}

// Endpoints are what a client asks an org for.
var Endpoints = transport.NewEndpoints("/", map[string]string{
	"/api/v1/apps":                                       "Okta app",
	"/api/v1/apps/{app}":                                 "Okta app",
	"/api/v1/apps/{app}/lifecycle/activate":              "Okta app",
	"/api/v1/apps/{app}/lifecycle/deactivate":            "Okta app",
	"/api/v1/apps/{app}/groups":                          "group assignment",
	"/api/v1/apps/{app}/groups/{group}":                  "group assignment",
	"/api/v1/apps/{app}/credentials/secrets":             "client secret",
	"/api/v1/apps/{app}/credentials/secrets/{secret}":    "client secret",
	"/api/v1/internal/apps/{app}/settings/oauth/idToken": "groups claim",
	"/api/v1/groups":                                     "",
	"/api/v1/groups/{group}":                             "",
	clientsPath + "/{client}":                            "",
	"/.well-known/openid-configuration":                  "",
	introspectPath:                                       "",
	authorizePath:                                        "",
})

// secrecy knows the calls that answer with client secrets: the secrets themselves, and an app that is created or updated.
func secrecy(request *http.Request) transport.Secrecy {
	switch path := request.URL.Path; {
	case strings.Contains(path, "/credentials/"):
		return transport.Wholly
	case request.Method != http.MethodGet && (path == "/api/v1/apps" || oneApp.MatchString(path)):
		return transport.Partly
	default:
		return transport.Open
	}
}

// codeForm is the form of both APIs' error codes. What has another form is no code, and may be anything.
var codeForm = regexp.MustCompile(`^(E[0-9]{7}|[a-z_]{1,40})$`)

// explain reads both forms of an error body: the management API's and OAuth's.
func explain(body []byte) (code, summary string) {
	var answer struct {
		Code    string `json:"errorCode"`
		Summary string `json:"errorSummary"`
		Causes  []struct {
			Summary string `json:"errorSummary"`
		} `json:"errorCauses"`
		OAuthCode    string `json:"error"`
		OAuthSummary string `json:"error_description"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return "", ""
	}
	if answer.Code == "" {
		return known(answer.OAuthCode), answer.OAuthSummary
	}
	words := []string{answer.Summary}
	for _, cause := range answer.Causes {
		words = append(words, cause.Summary)
	}
	return known(answer.Code), strings.Join(words, ": ")
}

// known is the code, where it is one.
func known(code string) string {
	if !codeForm.MatchString(code) {
		return ""
	}
	return code
}

// refine corrects the kind where the status misleads.
func refine(_ int, code string, kind transport.Kind) transport.Kind {
	switch code {
	case CodeFeatureMissing: // 401, and yet the token is good
		return transport.Forbidden
	case "E0000195": // 409: read again and repeat
		return transport.Unavailable
	default:
		return kind
	}
}

// The error codes that mean something else than their status.
const (
	CodeInvalidSession  = "E0000005" // on the groups claim: an OAuth 2.0 token where only an API token works
	CodeFeatureMissing  = "E0000015"
	CodeValidation      = "E0000001"
	CodeStillActive     = "E0000056"
	CodeUnknownEndpoint = "E0000008"
)

// limit reads X-Rate-Limit-*, and Retry-After where a gateway before Okta answers. The reset is in the server's time, so it is
// compared with the answer's own Date.
func limit(header http.Header) (left int, reset time.Duration) {
	left, err := strconv.Atoi(header.Get("X-Rate-Limit-Remaining"))
	if err != nil || left < 0 {
		left = -1
	}
	epoch, err := strconv.ParseInt(header.Get("X-Rate-Limit-Reset"), 10, 64)
	if err != nil || epoch < 0 {
		reset, _ = transport.RetryAfter(header, maxReset)
		return left, reset
	}
	instant := time.Unix(min(epoch, farthest), 0)
	if epoch > farthest {
		instant = time.UnixMilli(epoch)
	}
	return left, min(transport.Until(header, instant, maxReset)+time.Second, maxReset)
}

// farthest is the last instant that is believed to be in seconds: the year 5138. What is later is in milliseconds.
const farthest = 100_000_000_000

// maxReset bounds what is believed of a reset time; Okta's buckets are a minute long.
const maxReset = 5 * time.Minute

var oneApp = regexp.MustCompile(`^/api/v1/apps/[^/]+$`)

// bucket names the rate-limit bucket of a request, as Okta publishes them.
func bucket(request *http.Request) string {
	path := request.URL.Path
	switch {
	case oneApp.MatchString(path):
		return "/api/v1/apps/{id}"
	case strings.HasPrefix(path, "/api/v1/apps"):
		return "/api/v1/apps"
	case strings.HasPrefix(path, "/api/v1/groups"):
		return "/api/v1/groups"
	case strings.HasPrefix(path, "/api/v1"):
		return "/api/v1"
	case strings.HasPrefix(path, clientsPath):
		return clientsPath
	default:
		return path
	}
}
