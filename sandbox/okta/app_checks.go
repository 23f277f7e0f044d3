package okta

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

var (
	clientIDPattern = regexp.MustCompile(`^[A-Za-z0-9$\-_.+!*'(),]{6,100}$`)
	printableASCII  = regexp.MustCompile(`^[\x20-\x7e]*$`)
)

// checkApp refuses a body that Okta wouldn't make an app of.
func checkApp(body object) *answer {
	if refusal := checkBase(body); refusal != nil {
		return refusal
	}
	if name := text(body, "name"); name != "oidc_client" {
		return invalidPointer("settings", fmt.Sprintf("name: The app %q isn't in this org's catalogue.", name))
	}
	if text(body, "signOnMode") != "OPENID_CONNECT" {
		return invalidPointer("signOnMode", "signOnMode: 'signOnMode' must be OPENID_CONNECT for oidc_client.")
	}
	for _, part := range []string{"settings", "credentials"} {
		if value(body, part, "oauthClient") == nil {
			return invalidPointer(part, fmt.Sprintf("%s.oauthClient: The field cannot be left blank", part))
		}
	}
	if refusal := checkClientID(body); refusal != nil {
		return refusal
	}
	if secret := text(body, "credentials", "oauthClient", "client_secret"); secret != "" {
		if refusal := checkSecret(secret, text(body, "credentials", "oauthClient", "token_endpoint_auth_method")); refusal != nil {
			return refusal
		}
	}
	if refusal := checkRotation(body); refusal != nil {
		return refusal
	}
	return checkRedirects(body)
}

func checkBase(body object) *answer {
	label := text(body, "label")
	switch {
	case label == "":
		return invalidPointer("label", "label: The field cannot be left blank")
	case len(label) > 100:
		return invalidPointer("label", "label: The field is too long")
	case text(body, "signOnMode") == "":
		return invalidPointer("signOnMode", "signOnMode: The field cannot be left blank")
	}
	return nil
}

func checkClientID(body object) *answer {
	given := value(body, "credentials", "oauthClient", "client_id")
	id, isText := given.(string)
	if given == nil || id == "" && isText {
		return nil
	}
	if !isText || !clientIDPattern.MatchString(id) || id == "ALL_CLIENTS" {
		return invalidPointer("client_id", "client_id: The client ID must have 6 to 100 characters, "+
			"which are letters, digits or one of $-_.+!*'(), and must not be ALL_CLIENTS.")
	}
	return nil
}

// checkNewClient refuses a client id that another app has, or had, where the org blocks those of deleted apps.
func (o *Org) checkNewClient(body object) *answer {
	id := text(body, "credentials", "oauthClient", "client_id")
	taken := slices.ContainsFunc(o.store.apps, func(a *app) bool { return a.clientID() == id })
	blocked := o.config.BlockDeletedClientIDs && o.store.deletedClients[id]
	if id != "" && (taken || blocked) {
		return invalidPointer("client_id", "client_id: An app with this client_id already exists in the current organization")
	}
	return nil
}

// checkSecret refuses a secret that Okta wouldn't let a caller bring along.
func checkSecret(secret, method string) *answer {
	shortest := 14
	if method == "client_secret_jwt" {
		shortest = 32
	}
	switch {
	case method == "private_key_jwt":
		return invalidPointer("client_secret", "client_secret: A client that uses private_key_jwt can't have a client secret.")
	case len(secret) < shortest || len(secret) > 100:
		return invalidPointer("client_secret", fmt.Sprintf("client_secret: The secret must have %d to 100 characters.", shortest))
	case !printableASCII.MatchString(secret):
		return invalidPointer("client_secret", "client_secret: The secret must be of printable ASCII characters.")
	}
	return nil
}

func checkRedirects(body object) *answer {
	redirects := texts(body, "settings", "oauthClient", "redirect_uris")
	grants := texts(body, "settings", "oauthClient", "grant_types")
	interactive := len(grants) == 0 || slices.Contains(grants, "authorization_code") || slices.Contains(grants, "implicit")
	if interactive && len(redirects) == 0 {
		return invalidPointer("settings", "redirect_uris: At least one redirect URI is needed for the grant types "+
			"'authorization_code' and 'implicit'.")
	}
	for _, redirect := range redirects {
		parsed, err := url.Parse(redirect)
		if err != nil || parsed.Scheme == "" || parsed.Fragment != "" {
			return invalidPointer("settings", fmt.Sprintf("redirect_uris: %q isn't an absolute URI without a fragment.", redirect))
		}
	}
	return nil
}

// checkReplacement refuses a body that Okta wouldn't replace an app's with.
func checkReplacement(a *app, body object) *answer {
	if a.system {
		refusal := accessDenied()
		return &refusal
	}
	if refusal := checkBase(body); refusal != nil {
		return refusal
	}
	if text(body, "signOnMode") != text(a.body, "signOnMode") {
		refusal := refuse(http.StatusBadRequest, "E0000024",
			"Bad request. This operation on app metadata is not yet supported.",
			"This operation on app metadata is not yet supported: The sign-on mode can't be changed.")
		return &refusal
	}
	if given := text(body, "credentials", "oauthClient", "client_id"); given != "" && given != a.clientID() {
		return invalidPointer("client_id", "client_id: The client ID can't be changed.")
	}
	return checkApp(body)
}

func invalidPointer(what string, causes ...string) *answer {
	refusal := invalid(what, causes...)
	return &refusal
}
