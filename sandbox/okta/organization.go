package okta

import (
	"net/http"
	"slices"
)

// publicRoutes are the endpoints that anybody may call.
func (o *Org) publicRoutes() map[string]methods {
	return map[string]methods{
		"/.well-known/okta-organization":          {"GET": o.getOrganization},
		"/.well-known/oauth-authorization-server": {"GET": o.getOAuthMetadata},
		"/.well-known/openid-configuration":       {"GET": o.getOpenIDConfiguration},
		"/oauth2/{authServerId}/.well-known/openid-configuration": {
			"GET": o.getCustomOpenIDConfiguration,
		},
		"/oauth2/{authServerId}/.well-known/oauth-authorization-server": {
			"GET": o.getCustomOpenIDConfiguration,
		},
	}
}

// getOrganization says which org this is and which engine it runs on.
func (o *Org) getOrganization(*http.Request) answer {
	pipeline := "v1"
	if o.config.OIE {
		pipeline = "idx"
	}
	return success(object{
		"id": o.orgID(), "cell": "op1", "pipeline": pipeline,
		"_links": object{"organization": o.href("")},
		"settings": object{
			"analyticsCollectionEnabled": false, "bugReportingEnabled": true, "omEnabled": !o.config.OIE,
			"pssoEnabled": false, "desktopMFAEnabled": false, "itpEnabled": false,
		},
	})
}

func (o *Org) getOrg(*http.Request) answer {
	return success(object{
		"id": o.orgID(), "companyName": o.config.Name, "subdomain": o.config.Name, "status": active,
		"website": o.url, "created": timestamp(o.store.created), "lastUpdated": timestamp(o.store.created),
		"_links": object{"contacts": o.href("/api/v1/org/contacts")},
	})
}

// listPrincipalRateLimits tells what share of a limit a single API token may use.
func (o *Org) listPrincipalRateLimits(r *http.Request) answer {
	if r.URL.Query().Get("filter") == "" {
		return invalid("filter", "filter: The field cannot be left blank")
	}
	filter, refusal := queryFilter(r, all([]string{"principalType", "principalId"}, []string{"eq"}))
	if refusal != nil {
		return *refusal
	}
	tokens := []string{}
	for token := range o.tokens {
		tokens = append(tokens, token)
	}
	slices.Sort(tokens)
	entities := []object{}
	for _, token := range tokens {
		id := o.stableID("00T", token)
		field := func(name string) string {
			return map[string]string{"principalType": "SSWS_TOKEN", "principalId": id}[name]
		}
		if filter.matches(field) {
			entities = append(entities, object{
				"id": o.stableID("pct", token), "orgId": o.orgID(), "principalId": id, "principalType": "SSWS_TOKEN",
				"defaultPercentage": 50, "defaultConcurrencyPercentage": 75,
				"createdDate": timestamp(o.store.created), "lastUpdate": timestamp(o.store.created),
				"createdBy": o.stableID("00u", "admin"), "lastUpdatedBy": o.stableID("00u", "admin"),
			})
		}
	}
	return success(entities)
}

func (o *Org) getPerClientRateLimits(*http.Request) answer {
	return success(object{"defaultMode": "ENFORCE", "useCaseModeOverrides": object{}})
}

// getClient is an app as the Dynamic Client Registration API shows it, found by its client id.
func (o *Org) getClient(r *http.Request) answer {
	id := r.PathValue("clientId")
	a := o.findClient(id)
	if a == nil {
		return notFound(id, "OAuth2Client")
	}
	client := clone(value(a.body, "settings", "oauthClient").(object))
	for _, key := range []string{"issuer_mode", "consent_method", "wildcard_redirect", "idp_initiated_login"} {
		delete(client, key)
	}
	client["client_id"], client["client_name"] = a.clientID(), a.label()
	client["client_id_issued_at"] = a.created.Unix()
	client["token_endpoint_auth_method"] = a.tokenEndpointAuthMethod()
	client["_links"] = object{"app": o.href("/api/v1/apps/" + a.id)}
	return success(client)
}

// findClient finds an app by the id of its client, whatever its status.
func (o *Org) findClient(clientID string) *app {
	for _, a := range o.store.apps {
		if !a.system && a.clientID() == clientID {
			return a
		}
	}
	return nil
}
