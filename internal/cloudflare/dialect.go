package cloudflare

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// dialect is how Cloudflare words its failures and limits (developers.cloudflare.com/fundamentals/api/reference/limits).
var dialect = transport.Dialect{
	Provider:  "cloudflare",
	RequestID: "Cf-Ray",
	JSON:      func(*http.Request) bool { return true },
	Changes:   func(r *http.Request) bool { return r.Method != http.MethodGet },
	Secrecy:   secrecy,
	Failed:    failed,
	Explain:   explain,
	Kind:      refine,
	Limit:     limit,
	Bucket:    func(*http.Request) string { return "" }, // one limit for everything that a token does
	Endpoints: Endpoints,
}

// Endpoints are what a client asks for of an account.
var Endpoints = transport.NewEndpoints("/accounts/", map[string]string{
	"/accounts/{account}/access/organizations":                "",
	"/accounts/{account}" + identityProviders:                 "identity provider",
	"/accounts/{account}" + identityProviders + "/{provider}": "identity provider",
	"/accounts/{account}" + policies:                          "Access policy",
	"/accounts/{account}" + policies + "/{policy}":            "Access policy",
	"/accounts/{account}" + applications:                      "Access application",
	"/accounts/{account}" + applications + "/{application}":   "Access application",
	"/accounts/{account}" + groups:                            "",
	"/accounts/{account}" + groups + "/{group}":               "",
	"/accounts/{account}" + grants:                            "",
})

// secrecy knows the calls that may answer with a secret: SCIM's, which an identity provider that is written gets.
func secrecy(request *http.Request) transport.Secrecy {
	if request.Method != http.MethodGet && strings.Contains(request.URL.Path, identityProviders) {
		return transport.Partly
	}
	return transport.Open
}

type fault struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Chain   []struct {
		Message string `json:"message"`
	} `json:"error_chain"`
}

type envelope struct {
	Success *bool   `json:"success"`
	Errors  []fault `json:"errors"`
}

// failed tells whether a 2xx answer says success: false; the SDK takes that for a success with nothing in it.
func failed(body []byte) bool {
	var answer envelope
	return json.Unmarshal(body, &answer) == nil && answer.Success != nil && !*answer.Success
}

func explain(body []byte) (code, summary string) {
	var answer envelope
	if json.Unmarshal(body, &answer) != nil || len(answer.Errors) == 0 {
		return "", ""
	}
	var words []string
	for _, fault := range answer.Errors {
		words = append(words, fault.Message)
		for _, cause := range fault.Chain {
			words = append(words, cause.Message)
		}
	}
	if answer.Errors[0].Code != 0 {
		code = strconv.Itoa(answer.Errors[0].Code)
	}
	return code, strings.Join(words, ": ")
}

// CodeNotEnabled says that Access was never enabled in the account; it is enabled in the dashboard only.
const CodeNotEnabled = "9999"

// CodeToken says that the token isn't valid, or not from this worker's address; the words tell which.
const CodeToken = "9109"

// refine corrects the kind where the status misleads.
func refine(_ int, code string, kind transport.Kind) transport.Kind {
	switch code {
	case CodeNotEnabled:
		return transport.Invalid
	case CodeToken: // an access token that isn't valid, answered with 403
		return transport.Unauthorized
	case "11021", "12135": // gone, whatever the status
		return transport.NotFound
	default:
		return kind
	}
}
