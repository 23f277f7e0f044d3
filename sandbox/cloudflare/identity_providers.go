package cloudflare

import (
	"slices"

	"github.com/google/uuid"
)

var providerEndpoints = map[string]endpoint{
	"GET identity_providers":         {"", listProviders},
	"POST identity_providers":        {"idp:write", createProvider},
	"GET identity_providers/{id}":    {"idp:read", getProvider},
	"PUT identity_providers/{id}":    {"idp:write", updateProvider},
	"DELETE identity_providers/{id}": {"idp:write", deleteProvider},
}

var providerTypes = []string{
	"onetimepin", "azureAD", "saml", "centrify", "facebook", "github", "google-apps", "google", "linkedin",
	"oidc", "okta", "onelogin", "pingone", "yandex", "cloudflare", "passkeys",
}

// oktaSettings are what an Okta identity provider keeps. pkce_enabled and api_token are in Cloudflare's
// documents but not in its OpenAPI description; that they are kept, and pkce_enabled shown, is an assumption.
var oktaSettings = []string{
	"client_id", "client_secret", "okta_account", "authorization_server_id", "claims", "email_claim_name",
	"pkce_enabled", "api_token",
}

// secretSettings are never in an answer.
var secretSettings = []string{"client_secret", "api_token"}

// listProviders gives a token without the permission an empty list, and no error: seen live.
func listProviders(c *call) reply {
	if !c.grant.may("idp:read") {
		return ok([]resource{})
	}
	shown := []resource{}
	for _, provider := range c.listed(listOfProviders) {
		if c.URL.Query().Get("scim_enabled") == "true" && !truth(object(provider, "scim_config"), "enabled") {
			continue
		}
		shown = append(shown, provider)
	}
	return c.page(shown, 200, 1000)
}

func (a *account) showProviders() []resource {
	shown := []resource{}
	for _, stored := range a.providers.all() {
		shown = append(shown, a.showProvider(stored))
	}
	return shown
}

func getProvider(c *call) reply {
	stored, found := c.account.providers.get(c.PathValue("id"))
	if !found {
		return failNotFound()
	}
	return ok(c.account.showProvider(stored))
}

// createProvider makes one more at each call: names aren't unique, and nothing is tried out.
func createProvider(c *call) reply {
	stored, refusal := readProvider(c)
	if refusal != nil {
		return *refusal
	}
	if text(stored, "type") == "onetimepin" && slices.ContainsFunc(c.account.providers.all(), func(other resource) bool {
		return text(other, "type") == "onetimepin"
	}) {
		return failConflict("a onetimepin connection already exists")
	}
	minted := mintSCIMSecret(stored, nil)
	id := uuid.NewString()
	c.account.providers.put(id, stored)
	return created(withSCIMSecret(c.account.showProvider(stored), minted))
}

// updateProvider replaces the whole: what isn't sent is gone. Whether the real API keeps a client secret
// that isn't sent is unknown; here it is lost, so that a client that counts on it fails.
func updateProvider(c *call) reply {
	before, found := c.account.providers.get(c.PathValue("id"))
	if !found {
		return failNotFound()
	}
	if truth(before, "read_only") {
		return failInvalid("the identity provider is read-only")
	}
	stored, refusal := readProvider(c)
	if refusal != nil {
		return *refusal
	}
	minted := mintSCIMSecret(stored, before)
	c.account.providers.put(c.PathValue("id"), stored)
	return ok(withSCIMSecret(c.account.showProvider(stored), minted))
}

func deleteProvider(c *call) reply {
	id := c.PathValue("id")
	stored, found := c.account.providers.get(id)
	switch {
	case !found:
		return failNotFound()
	case truth(stored, "read_only"):
		return failInvalid("the identity provider is read-only")
	case c.account.federates(id):
		return failConflict("the identity provider has a federation grant")
	case c.api.config.RefuseDeletingUsedIdentityProvider && c.account.usesProvider(id):
		return failConflict("the identity provider is in use")
	}
	c.account.providers.remove(id)
	return accepted(id)
}

// mistyped tells whether one of the keys has a value of another type. What is null counts as left out.
func mistyped[T any](settings map[string]any, keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		_, fits := settings[key].(T)
		return settings[key] != nil && !fits
	})
}

// readProvider checks what was sent, and keeps what the API keeps.
func readProvider(c *call) (resource, *reply) {
	sent, refusal := c.body()
	if refusal != nil {
		return nil, refusal
	}
	refuse := func(detail string) (resource, *reply) {
		refusal := failInvalid(detail)
		return nil, &refusal
	}
	settings, isObject := sent["config"].(map[string]any)
	kind := text(sent, "type")
	switch {
	case text(sent, "name") == "":
		return refuse("name is required")
	case !slices.Contains(providerTypes, kind):
		return refuse("unknown identity provider type")
	case !isObject:
		return refuse("config is required")
	case mistyped[string](settings, "client_id", "client_secret", "okta_account", "authorization_server_id", "email_claim_name", "api_token"):
		return refuse("config has a value of another type than a text")
	case mistyped[bool](object(sent, "scim_config"), "enabled", "user_deprovision", "seat_deprovision", "group_member_deprovision"):
		return refuse("scim_config has a value of another type than true or false")
	}
	if kind == "okta" {
		settings = only(settings, oktaSettings...)
	} else {
		settings = only(settings, slices.Collect(keys(settings))...)
	}
	provisioning := noProvisioning()
	for key, value := range only(object(sent, "scim_config"), "enabled", "user_deprovision", "seat_deprovision",
		"group_member_deprovision", "identity_update_behavior") {
		provisioning[key] = value
	}
	if truth(provisioning, "seat_deprovision") && !truth(provisioning, "user_deprovision") {
		return refuse("seat_deprovision requires user_deprovision")
	}
	return resource{
		"name": text(sent, "name"), "type": kind, "config": map[string]any(settings),
		"scim_config": map[string]any(provisioning), "version": randomHex(16),
	}, nil
}

// noProvisioning is what every identity provider has that nobody set up provisioning for.
func noProvisioning() resource {
	return resource{
		"enabled": false, "user_deprovision": false, "seat_deprovision": false, "identity_update_behavior": "no_action",
	}
}

// mintSCIMSecret makes the secret when provisioning is first enabled, and keeps it afterwards. It gives
// the secret back only when it is new.
func mintSCIMSecret(stored, before resource) string {
	provisioning := object(stored, "scim_config")
	if before != nil && truth(object(before, "scim_config"), "enabled") && truth(provisioning, "enabled") {
		provisioning["secret"] = object(before, "scim_config")["secret"]
		return ""
	}
	if !truth(provisioning, "enabled") {
		return ""
	}
	minted := randomHex(32)
	provisioning["secret"] = minted
	return minted
}

func withSCIMSecret(shown resource, minted string) resource {
	if minted != "" {
		object(shown, "scim_config")["secret"] = minted
	}
	return shown
}

// showProvider is what an answer shows: no secrets, and the redirect URL of the account.
func (a *account) showProvider(stored resource) resource {
	shown := clone(stored)
	shown["uid"] = shown["id"]
	settings := object(shown, "config")
	for _, key := range secretSettings {
		delete(settings, key)
	}
	settings["redirect_url"] = "https://" + a.authDomain + callbackPath
	shown["config"] = settings
	provisioning := object(shown, "scim_config")
	delete(provisioning, "secret")
	if truth(provisioning, "enabled") {
		provisioning["scim_base_url"] = "https://" + a.authDomain + "/populations/" + text(stored, "id") + "/scim/v2"
	}
	shown["scim_config"] = provisioning
	return shown
}

// usesProvider reports whether an application, a policy or a group refers to the identity provider.
func (a *account) usesProvider(id string) bool {
	for _, application := range a.applications.all() {
		if slices.Contains(list(application, "allowed_idps"), any(id)) {
			return true
		}
	}
	for _, holder := range slices.Concat(a.policies.all(), a.groups.all()) {
		for _, part := range ruleLists {
			for _, rule := range list(holder, part) {
				if ruleProvider(rule) == id {
					return true
				}
			}
		}
	}
	return false
}
