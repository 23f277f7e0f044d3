package okta

import "maps"

// readOnlyAppKeys are what Okta says about an app and nobody can set.
var readOnlyAppKeys = []string{
	"id", "orn", "status", "created", "lastUpdated", "_links", "_embedded", "universalLogout",
}

// completeApp is what a caller asked for, with Okta's defaults for what wasn't said. Keys that Okta's
// documents don't know are kept.
func completeApp(body object, keyID string) object {
	body = clone(body)
	for _, key := range readOnlyAppKeys {
		delete(body, key)
	}
	applicationType := text(body, "settings", "oauthClient", "application_type")
	complete := overlay(appDefaults(applicationType, keyID), body)
	credentials := complete["credentials"].(object)
	credentials["signing"] = object{"kid": keyID}
	delete(credentials["oauthClient"].(object), "client_secret")
	nameKeys(complete)
	return complete
}

// nameKeys gives the app's own public keys what Okta keeps about each.
func nameKeys(body object) {
	keys, _ := value(body, "settings", "oauthClient", "jwks", "keys").([]any)
	for _, each := range keys {
		if key, ok := each.(object); ok && key["id"] == nil {
			key["id"], key["status"] = "pks"+randomText(idLength-3), active
		}
	}
}

func appDefaults(applicationType, keyID string) object {
	return object{
		"name":          "oidc_client",
		"accessibility": object{"selfService": false, "errorRedirectUrl": nil, "loginRedirectUrl": nil},
		"visibility": object{
			"autoLaunch": false, "autoSubmitToolbar": false,
			"hide":     object{"iOS": true, "web": true},
			"appLinks": object{"oidc_client_link": true},
		},
		"features": []any{},
		"credentials": object{
			"userNameTemplate": object{"template": "${source.login}", "type": "BUILT_IN"},
			"signing":          object{"kid": keyID},
			"oauthClient": object{
				"autoKeyRotation":            true,
				"token_endpoint_auth_method": "client_secret_basic",
				"pkce_required":              applicationType == "browser" || applicationType == "native",
			},
		},
		"settings": object{
			"app": object{},
			"notifications": object{"vpn": object{
				"network": object{"connection": "DISABLED"}, "message": nil, "helpUrl": nil,
			}},
			"manualProvisioning": false,
			"implicitAssignment": false,
			"emOptInStatus":      "NONE",
			"notes":              object{"admin": nil, "enduser": nil},
			"oauthClient":        clientDefaults(),
		},
	}
}

func clientDefaults() object {
	return object{
		"client_uri":               nil,
		"logo_uri":                 nil,
		"redirect_uris":            []any{},
		"response_types":           []any{"code"},
		"grant_types":              []any{"authorization_code"},
		"application_type":         "web",
		"consent_method":           "TRUSTED",
		"issuer_mode":              "ORG_URL",
		"idp_initiated_login":      object{"mode": "DISABLED", "default_scope": []any{}},
		"wildcard_redirect":        "DISABLED",
		"dpop_bound_access_tokens": false,
	}
}

// overlay puts what is given over the defaults, object by object. A null in place of an object is no object.
func overlay(defaults, given object) object {
	result := maps.Clone(defaults)
	for key, value := range given {
		below, isObject := defaults[key].(object)
		if !isObject {
			result[key] = value
			continue
		}
		if above, ok := value.(object); ok {
			result[key] = overlay(below, above)
		}
	}
	return result
}

// clone copies a JSON object all the way down.
func clone(o object) object { return cloneValue(o).(object) }

func cloneValue(value any) any {
	switch value := value.(type) {
	case object:
		copied := make(object, len(value))
		for key, inner := range value {
			copied[key] = cloneValue(inner)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, inner := range value {
			copied[i] = cloneValue(inner)
		}
		return copied
	default:
		return value
	}
}

// value finds what is at a place in a JSON object; nil if there is nothing.
func value(o object, path ...string) any {
	var found any = o
	for _, key := range path {
		inner, ok := found.(object)
		if !ok {
			return nil
		}
		found = inner[key]
	}
	return found
}

// text finds the string at a place in a JSON object; "" if there is none.
func text(o object, path ...string) string {
	found, _ := value(o, path...).(string)
	return found
}

// texts finds the strings of the list at a place in a JSON object.
func texts(o object, path ...string) []string {
	list, _ := value(o, path...).([]any)
	var found []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			found = append(found, s)
		}
	}
	return found
}
