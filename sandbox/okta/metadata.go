package okta

import (
	"maps"
	"net/http"
)

// orgScopes are the scopes that the org's authorization server knows.
var orgScopes = []string{
	"okta.apps.manage", "okta.apps.read", "okta.authorizationServers.manage", "okta.authorizationServers.read",
	"okta.clients.manage", "okta.clients.read", "okta.clients.register", "okta.groups.manage", "okta.groups.read",
	"okta.orgs.read", "okta.policies.read", "okta.principalRateLimits.read", "okta.users.read",
	"openid", "email", "profile", "address", "phone", "offline_access", "groups",
}

// getOAuthMetadata describes the org's authorization server.
func (o *Org) getOAuthMetadata(*http.Request) answer {
	return success(o.oauthMetadata(o.url + "/oauth2"))
}

func (o *Org) oauthMetadata(base string) object {
	methods := []string{"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"}
	signatures := []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"}
	return object{
		"issuer":                                        o.url,
		"authorization_endpoint":                        base + "/v1/authorize",
		"token_endpoint":                                base + "/v1/token",
		"registration_endpoint":                         o.url + "/oauth2/v1/clients",
		"response_types_supported":                      []string{"code"},
		"response_modes_supported":                      []string{"query", "fragment", "form_post", "okta_post_message"},
		"grant_types_supported":                         []string{"authorization_code", grantRefresh},
		"subject_types_supported":                       []string{"public"},
		"scopes_supported":                              orgScopes,
		"token_endpoint_auth_methods_supported":         methods,
		"claims_supported":                              []string{"ver", "jti", "iss", "aud", "iat", "exp", "cid", "uid", "scp", "sub"},
		"code_challenge_methods_supported":              []string{"S256"},
		"introspection_endpoint":                        base + "/v1/introspect",
		"introspection_endpoint_auth_methods_supported": methods,
		"revocation_endpoint":                           base + "/v1/revoke",
		"revocation_endpoint_auth_methods_supported":    methods,
		"end_session_endpoint":                          base + "/v1/logout",
		"request_parameter_supported":                   true,
		"request_object_signing_alg_values_supported":   signatures,
		"device_authorization_endpoint":                 base + "/v1/device/authorize",
		"pushed_authorization_request_endpoint":         base + "/v1/par",
		"dpop_signing_alg_values_supported":             signatures[3:],
		"frontchannel_logout_supported":                 true,
		"frontchannel_logout_session_supported":         true,
		"identity_chaining_requested_token_types_supported": []string{
			"urn:ietf:params:oauth:token-type:id-jag",
		},
	}
}

// getOpenIDConfiguration describes the org as an OpenID provider. A client id has to be one that it knows.
func (o *Org) getOpenIDConfiguration(r *http.Request) answer {
	if id := r.URL.Query().Get("client_id"); id != "" {
		if a := o.findClient(id); a == nil || a.status != active {
			return refuse(http.StatusBadRequest, "invalid_client", "Invalid value for 'client_id' parameter.")
		}
	}
	return success(o.openIDConfiguration(o.url + "/oauth2"))
}

func (o *Org) openIDConfiguration(base string) object {
	configuration := o.oauthMetadata(base)
	maps.Copy(configuration, object{
		"userinfo_endpoint":                     base + "/v1/userinfo",
		"jwks_uri":                              base + "/v1/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"claims_supported": []string{
			"iss", "ver", "sub", "aud", "iat", "exp", "jti", "auth_time", "amr", "idp", "nonce", "name",
			"nickname", "preferred_username", "given_name", "middle_name", "family_name", "email",
			"email_verified", "profile", "zoneinfo", "locale", "address", "phone_number", "picture", "website",
			"gender", "birthdate", "updated_at", "at_hash", "c_hash",
		},
	})
	return configuration
}

// getCustomOpenIDConfiguration describes a custom authorization server.
func (o *Org) getCustomOpenIDConfiguration(r *http.Request) answer {
	s := o.findAuthorizationServer(r.PathValue("authServerId"))
	if s == nil || s.status != active {
		return notFound(r.PathValue("authServerId"), "AuthorizationServer")
	}
	base := o.url + "/oauth2/" + s.id
	configuration := o.openIDConfiguration(base)
	configuration["issuer"] = base
	return success(configuration)
}
