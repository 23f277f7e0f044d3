package cloudflare

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// call is one request that was let in. The API's mutex is held.
type call struct {
	*http.Request
	api     *API
	account *account
	grant   *grant
}

// endpoint is one operation of the API.
type endpoint struct {
	// permission that the token needs; empty leaves that to the handler.
	permission string
	handle     func(*call) reply
}

func (a *API) newRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Base+"/user/tokens/verify", a.verifyUserToken)
	mux.HandleFunc("GET "+Base+"/accounts/{account}/tokens/verify", a.verifyAccountToken)
	for _, group := range []map[string]endpoint{
		organizationEndpoints, providerEndpoints, policyEndpoints, applicationEndpoints,
		applicationPolicyEndpoints, groupEndpoints, grantEndpoints, logEndpoints,
	} {
		for pattern, operation := range group {
			method, path, _ := strings.Cut(pattern, " ")
			mux.HandleFunc(method+" "+Base+"/accounts/{account}/access/"+path, a.serve(operation))
		}
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { failNoRoute().write(w) })
	return mux
}

// ServeHTTP answers under /client/v4.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("CF-Ray", randomHex(8)+"-FRA")
	if !kit.IsByHand(r) && !a.admit(w, r) {
		return
	}
	a.routes.ServeHTTP(w, r)
}

// WriteStatus gives an injected fault the headers and the envelope of the real API.
func (a *API) WriteStatus(w http.ResponseWriter, r *http.Request, status int) {
	w.Header().Set("CF-Ray", randomHex(8)+"-FRA")
	a.mutex.Lock()
	a.writeLimit(w.Header(), a.window(r))
	a.mutex.Unlock()
	known := map[int]reply{
		http.StatusForbidden:       failAuthentication(),
		http.StatusUnauthorized:    fail(status, 1000, "Invalid API Token"),
		http.StatusNotFound:        failNotFound(),
		http.StatusConflict:        failConflict("try again"),
		http.StatusTooManyRequests: failTooMany(),
	}
	answer, ok := known[status]
	switch {
	case ok:
	case status < http.StatusBadRequest:
		answer = reply{status: status}
	case status < http.StatusInternalServerError:
		answer = fail(status, 12130, "access.api.error.invalid_request: refused by a fault")
	default:
		answer = fail(status, 10001, "access.api.error.internal_server_error")
	}
	if status == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", strconv.Itoa(int(limitWindow.Seconds())))
	}
	answer.write(w)
}

// serve lets a request in, or says why not, and has the handler answer.
func (a *API) serve(operation endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		answer := a.dispatch(operation, r)
		if r.Method != http.MethodGet {
			a.remember(a.clock())
		}
		answer.write(w)
	}
}

func (a *API) dispatch(operation endpoint, r *http.Request) reply {
	granted, refusal := a.authenticate(r)
	if refusal != nil {
		return *refusal
	}
	found := a.accounts[r.PathValue("account")]
	if granted == nil || found == nil {
		return failAuthentication()
	}
	if found.accessDisabled {
		return failNotEnabled()
	}
	if operation.permission != "" && !granted.may(operation.permission) {
		return failAuthentication()
	}
	return operation.handle(&call{Request: r, api: a, account: found, grant: granted})
}

// authenticate finds what the request's token may do in the account; nil where it may do nothing. A change by hand may
// do everything.
func (a *API) authenticate(r *http.Request) (*grant, *reply) {
	if kit.IsByHand(r) {
		return newGrant(r.PathValue("account"), Token{}), nil
	}
	token, problem := bearer(r)
	if problem != nil {
		return nil, problem
	}
	if !accountID.MatchString(r.PathValue("account")) {
		refusal := failNoRoute()
		return nil, &refusal
	}
	if !a.active(token) {
		refusal := fail(http.StatusForbidden, 9109, "Invalid access token")
		return nil, &refusal
	}
	return a.find(token, r.PathValue("account")), nil
}

// failNotEnabled has a status that nobody recorded; 403 is an assumption.
func failNotEnabled() reply {
	return fail(http.StatusForbidden, 9999, "access.api.error.not_enabled: Access is not enabled. Visit the Access"+
		" dashboard at https://dash.cloudflare.com/ and click the 'Enable Access' button.")
}

// body is the JSON object that was sent.
func (c *call) body() (map[string]any, *reply) {
	raw, err := io.ReadAll(c.Body)
	if err == nil {
		sent := map[string]any{}
		if err = json.NewDecoder(bytes.NewReader(raw)).Decode(&sent); err == nil {
			return sent, nil
		}
	}
	refusal := failInvalid("the request body is not a JSON object")
	return nil, &refusal
}

// resultInfo tells which page of how many a list is.
type resultInfo struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	Count      int `json:"count"`
	TotalCount int `json:"total_count"`
}

// page cuts the list as the query asks. The real API's answer to a page size over the maximum isn't known;
// here the maximum is taken.
func (c *call) page(all []resource, size, maximum int) reply {
	listing := kit.ListingOf(c.Request)
	all = slices.DeleteFunc(all, func(one resource) bool { return listing.Hides(text(one, "id"), text(one, "name")) })
	number := max(c.number("page", 1), 1)
	size = min(c.number("per_page", size), maximum)
	if size < 1 {
		size = maximum
	}
	size = listing.PageSize(size)
	moved := 0
	if number > 1 {
		moved = listing.Shift // what came or went at the start since the first page
	}
	start := min(max((number-1)*size-moved, 0), len(all))
	shown := all[start:min(start+size, len(all))]
	answer := ok(shown)
	answer.info = &resultInfo{number, size, len(shown), max(len(all)+moved, 0)}
	return answer
}

func (c *call) number(name string, fallback int) int {
	if value, err := strconv.Atoi(c.URL.Query().Get(name)); err == nil {
		return value
	}
	return fallback
}
