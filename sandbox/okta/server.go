package okta

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// answer is what a management endpoint says. A nil body is an empty one.
type answer struct {
	status int
	body   any
	// links are Link header values: Okta sends each on a line of its own.
	links []string
}

func success(body any) answer { return answer{status: http.StatusOK, body: body} }

func created(body any) answer { return answer{status: http.StatusCreated, body: body} }

func noContent() answer { return answer{status: http.StatusNoContent} }

// endpoint answers one method of one path. It runs under the org's lock.
type endpoint func(r *http.Request) answer

// methods are the endpoints of one path.
type methods map[string]endpoint

// ServeHTTP answers a request to the management API or to the OpenID provider.
func (o *Org) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Okta-Request-Id", randomText(27))
	w.Header().Set("Date", o.clock().UTC().Format(http.TimeFormat))
	r, leave := o.entered(r)
	defer leave()
	o.routes.ServeHTTP(w, r)
}

// newRoutes is the table of everything that the org serves.
func (o *Org) newRoutes() http.Handler {
	mux := http.NewServeMux()
	for path, byMethod := range o.managementRoutes() {
		mux.Handle(path, o.managed(byMethod))
	}
	for path, byMethod := range o.publicRoutes() {
		mux.Handle(path, o.public(byMethod))
	}
	for path, handler := range o.openIDRoutes() {
		mux.Handle(path, handler)
	}
	// What Okta has and this org hasn't is refused the way Okta refuses what it hasn't.
	mux.Handle("/api/", o.managed(nil))
	mux.Handle("/", o.public(nil))
	return mux
}

// managementRoutes are the endpoints that need an API token.
func (o *Org) managementRoutes() map[string]methods {
	routes := map[string]methods{
		"/api/v1/org":                                                   {"GET": o.getOrg},
		"/api/v1/principal-rate-limits":                                 {"GET": o.listPrincipalRateLimits},
		"/api/v1/rate-limit-settings/per-client":                        {"GET": o.getPerClientRateLimits},
		"/oauth2/v1/clients/{clientId}":                                 {"GET": o.getClient},
		"/api/v1/groups":                                                {"GET": o.listGroups, "POST": o.createGroup},
		"/api/v1/groups/{groupId}":                                      {"GET": o.getGroup, "PUT": o.replaceGroup, "DELETE": o.deleteGroup},
		"/api/v1/groups/{groupId}/apps":                                 {"GET": o.listGroupApps},
		"/api/v1/groups/{groupId}/owners":                               {"GET": o.listOwners, "POST": o.addOwner},
		"/api/v1/groups/{groupId}/owners/{ownerId}":                     {"DELETE": o.removeOwner},
		"/api/v1/groups/{groupId}/users":                                {"GET": o.listMembers},
		"/api/v1/groups/{groupId}/users/{userId}":                       {"PUT": o.addMember, "DELETE": o.removeMember},
		"/api/v1/users/{userId}/groups":                                 {"GET": o.listUserGroups},
		"/api/v1/users":                                                 {"GET": o.listUsers},
		"/api/v1/users/{userId}":                                        {"GET": o.getUser, "POST": o.updateUser},
		"/api/v1/policies":                                              {"GET": o.listPolicies},
		"/api/v1/policies/{policy}":                                     {"GET": o.getPolicy},
		"/api/v1/zones":                                                 {"GET": o.listZones},
		"/api/v1/zones/{zoneId}":                                        {"GET": o.getZone},
		"/api/v1/authenticators":                                        {"GET": o.listAuthenticators},
		"/api/v1/authenticators/{authenticatorId}/lifecycle/deactivate": {"POST": o.deactivateAuthenticator},
		"/api/v1/apps":                                                  {"GET": o.listApps, "POST": o.createApp},
		"/api/v1/apps/{appId}":                                          {"GET": o.getApp, "PUT": o.replaceApp, "DELETE": o.deleteApp},
		"/api/v1/apps/{appId}/policies/{policy}":                        {"PUT": o.assignPolicy},
		"/api/v1/apps/{appId}/tokens":                                   {"GET": o.listAppTokens, "DELETE": o.revokeAppTokens},
		"/api/v1/apps/{appId}/tokens/{tokenId}":                         {"GET": o.getAppToken, "DELETE": o.revokeAppToken},
		"/api/v1/apps/{appId}/groups":                                   {"GET": o.listAssignments},
		"/api/v1/apps/{appId}/lifecycle/activate":                       {"POST": o.activateApp},
		"/api/v1/apps/{appId}/groups/{groupId}": {
			"GET": o.getAssignment, "PUT": o.assignGroup, "DELETE": o.unassignGroup,
		},
		"/api/v1/apps/{appId}/lifecycle/deactivate":                              {"POST": o.deactivateApp},
		"/api/v1/apps/{appId}/credentials/secrets":                               {"GET": o.listSecrets, "POST": o.createSecret},
		"/api/v1/apps/{appId}/credentials/secrets/{secretId}":                    {"GET": o.getSecret, "DELETE": o.deleteSecret},
		"/api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/activate": {"POST": o.activateSecret},
		"/api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/deactivate": {
			"POST": o.deactivateSecret,
		},
		"/api/v1/internal/apps/{appId}/settings/oauth/idToken": {"GET": o.getClaim, "POST": o.setClaim},
	}
	maps.Copy(routes, o.appUserRoutes())
	maps.Copy(routes, o.federatedRoutes())
	maps.Copy(routes, o.authorizationServerRoutes())
	return routes
}

// appUserRoutes are the endpoints of an app's users, and of what they are provisioned with.
func (o *Org) appUserRoutes() map[string]methods {
	return map[string]methods{
		"/api/v1/apps/{appId}/users":               {"GET": o.listAppUsers, "POST": o.assignUser},
		"/api/v1/apps/{appId}/users/{userId}":      {"GET": o.getAppUser, "POST": o.updateAppUser, "DELETE": o.unassignUser},
		"/api/v1/apps/{appId}/features":            {"GET": o.listFeatures},
		"/api/v1/apps/{appId}/connections/default": {"GET": o.getConnection},
	}
}

// managed serves the endpoints of one path to whoever has an API token, within the rate limits.
func (o *Org) managed(byMethod methods) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		if refusal := o.admit(w, r); refusal != nil {
			o.write(w, *refusal)
			return
		}
		reply := byMethod.answer(r)
		if r.Method != http.MethodGet {
			o.remember(o.clock())
		}
		o.write(w, reply)
	})
}

// admit refuses a request that exceeds a limit, or that comes without an API token. A change by hand has no limit.
func (o *Org) admit(w http.ResponseWriter, r *http.Request) *answer {
	if kit.IsByHand(r) {
		return nil
	}
	allowance := o.allowance(r)
	allowance.write(w.Header())
	if allowance.refused {
		refusal := tooManyRequests()
		return &refusal
	}
	return o.authenticate(r)
}

// allowance counts a request, and tells where the caller stands. One of too many at the same time isn't counted.
func (o *Org) allowance(r *http.Request) allowance {
	if isTooMany(r) {
		return o.concurrency.exceeded(o.clock())
	}
	return o.limiter.take(r, o.clock())
}

// public serves the endpoints of one path to anybody.
func (o *Org) public(byMethod methods) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.write(w, byMethod.answer(r))
	})
}

func (m methods) answer(r *http.Request) answer {
	if len(m) == 0 {
		return pathNotFound()
	}
	serve, ok := m[r.Method]
	if !ok {
		return methodNotSupported()
	}
	return serve(r)
}

// authenticate refuses a request that no API token of this org lets in.
func (o *Org) authenticate(r *http.Request) *answer {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	var refusal answer
	switch {
	case strings.EqualFold(scheme, "SSWS") && o.tokens[strings.TrimSpace(token)]:
		return nil
	case scheme == "", strings.EqualFold(scheme, "Bearer") && strings.HasPrefix(r.URL.Path, "/api/v1/internal/"):
		// Internal endpoints don't know OAuth access tokens: they look for a session, and find none.
		refusal = invalidSession()
	default:
		refusal = invalidToken()
	}
	return &refusal
}

// write sends an answer.
func (o *Org) write(w http.ResponseWriter, a answer) {
	for _, link := range a.links {
		w.Header().Add("Link", link)
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(a.body) // a client that left is no concern of ours
}

// object is a JSON object as it came or as it goes, with every key that it has.
type object = map[string]any

// readObject reads a JSON object. An empty body is an empty object.
func readObject(r *http.Request) (object, error) {
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber() // a number must go out as it came in
	body := object{}
	if err := decoder.Decode(&body); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if body == nil {
		body = object{}
	}
	return body, nil
}

// href is a link to a place in the org, with the methods that it allows.
func (o *Org) href(path string, allowed ...string) object {
	link := object{"href": o.url + path}
	if len(allowed) > 0 {
		link["hints"] = object{"allow": allowed}
	}
	return link
}
