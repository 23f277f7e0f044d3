package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// webClient is the name that Okta gives every OpenID Connect app of one's own.
const webClient = "oidc_client"

// openIDConnect is how people sign in through such an app.
const openIDConnect = "OPENID_CONNECT"

// App is an Okta app of any kind.
type App = planner.ListedApp

// appBody is an app as the API writes it. The SDK's own types lose fields in lists and updates.
type appBody struct {
	ID          string      `json:"id,omitempty"`
	Name        string      `json:"name"`
	Label       string      `json:"label"`
	Status      string      `json:"status,omitempty"`
	SignOnMode  string      `json:"signOnMode"`
	Credentials credentials `json:"credentials"`
	Settings    settings    `json:"settings"`
	// Profile is free JSON, which only its owner can read.
	Profile json.RawMessage `json:"profile,omitempty"`
}

type credentials struct {
	OAuthClient oauthCredentials `json:"oauthClient"`
}

type oauthCredentials struct {
	ClientID                string `json:"client_id,omitempty"`
	TokenEndpointAuthMethod string `json:"token_endpoint_auth_method,omitempty"`
	AutoKeyRotation         bool   `json:"autoKeyRotation"`
	PKCERequired            bool   `json:"pkce_required"`
}

type settings struct {
	ImplicitAssignment bool        `json:"implicitAssignment"`
	Notes              notes       `json:"notes"`
	OAuthClient        oauthClient `json:"oauthClient"`
}

type notes struct {
	Admin string `json:"admin,omitempty"`
}

type oauthClient struct {
	ApplicationType  string   `json:"application_type"`
	GrantTypes       []string `json:"grant_types"`
	ResponseTypes    []string `json:"response_types"`
	RedirectURIs     []string `json:"redirect_uris"`
	ConsentMethod    string   `json:"consent_method"`
	IssuerMode       string   `json:"issuer_mode"`
	WildcardRedirect string   `json:"wildcard_redirect"`
	// IDTokenEncryption is the algorithm that ID tokens are encrypted by; "" when they aren't.
	IDTokenEncryption string `json:"id_token_encrypted_response_alg,omitempty"`
}

func (b appBody) app() App {
	kind := b.kind()
	app := App{OpenIDConnect: kind == "", Kind: kind}
	app.Broker, app.IDTokenEncryption = b.Settings.ImplicitAssignment, b.Settings.OAuthClient.IDTokenEncryption
	app.ClientAuth, app.PKCERequired = b.Credentials.OAuthClient.TokenEndpointAuthMethod, b.Credentials.OAuthClient.PKCERequired
	app.ID, app.Label, app.Status = b.ID, b.Label, b.Status
	app.ClientID = b.Credentials.OAuthClient.ClientID
	app.RedirectURIs, app.IssuerMode = b.Settings.OAuthClient.RedirectURIs, b.Settings.OAuthClient.IssuerMode
	var ours profile
	if json.Unmarshal(b.Profile, &ours) == nil && ours.ManagedBy == managedBy {
		ours.forgetMalformed()
		app.Connection, app.Applications, app.Kept, app.Memory = ours.Connection, ours.Applications, ours.Kept, ours.Memory
	}
	return app
}

// kind says what an app is that is no OpenID Connect web app of one's own; "" when it is one.
func (b appBody) kind() string {
	switch {
	case b.SignOnMode != "" && b.SignOnMode != openIDConnect:
		return fmt.Sprintf("it signs people in by %q, not by OpenID Connect", b.SignOnMode)
	case b.Name != webClient:
		return fmt.Sprintf("it is an app of Okta's catalogue (%q of the OIN), which has no groups claim to set", b.Name)
	case b.Settings.OAuthClient.ApplicationType != "web":
		return fmt.Sprintf("it is an OpenID Connect app of type %q, and Access needs a web app", b.Settings.OAuthClient.ApplicationType)
	}
	return ""
}

// ListApps returns every app of the org, inactive ones too. No filter of Okta's finds an app by client id, its search by
// label is for a prefix, and labels repeat: so the caller compares.
func (c *Client) ListApps(ctx context.Context) ([]App, error) {
	bodies, err := pages[appBody](ctx, c, "/api/v1/apps", url.Values{"limit": {"200"}})
	if err != nil {
		return nil, fmt.Errorf("list Okta apps: %w", err)
	}
	apps := make([]App, len(bodies))
	for i, body := range bodies {
		apps[i] = body.app()
	}
	return apps, nil
}

// FindApp returns the app with exactly the client id, or nil.
func (c *Client) FindApp(ctx context.Context, clientID string) (*App, error) {
	apps, err := c.ListApps(ctx)
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(apps, func(app App) bool { return app.ClientID == clientID }); at >= 0 {
		return &apps[at], nil
	}
	return nil, nil
}

// GetApp returns an app, or nil when it is gone.
func (c *Client) GetApp(ctx context.Context, id string) (*App, error) {
	at, err := path("/api/v1/apps/%s", id)
	if err != nil {
		return nil, err
	}
	var body appBody
	if _, err := c.do(ctx, http.MethodGet, at, nil, &body); err != nil {
		if err = c.unlessGone(ctx, id, err); err == nil {
			return nil, nil
		}
		return nil, fmt.Errorf("read Okta app %s: %w", id, err)
	}
	if body.ID != id {
		return nil, fmt.Errorf("read Okta app %s: Okta answered with another one", id)
	}
	app := body.app()
	return &app, nil
}

// CreateApp makes an active OpenID Connect web app with the client id and the settings given (procedure, step 2). Two
// calls with the same client id can't make two apps: Okta holds it unique.
func (c *Client) CreateApp(ctx context.Context, want planner.App) (*App, error) {
	marks, err := json.Marshal(profileOf(want))
	if err != nil {
		return nil, fmt.Errorf("create Okta app %q: write its profile: %w", want.Label, err)
	}
	body := appBody{
		Name: webClient, Label: want.Label, SignOnMode: openIDConnect,
		Credentials: credentials{OAuthClient: oauthCredentials{
			ClientID: want.ClientID, TokenEndpointAuthMethod: "client_secret_basic", AutoKeyRotation: true,
		}},
		Settings: settings{
			Notes: notes{Admin: "Managed by accessbridge for connection " + want.Connection + "; changes made here are undone by its next run."},
			OAuthClient: oauthClient{
				ApplicationType: "web", GrantTypes: []string{"authorization_code"}, ResponseTypes: []string{"code"},
				RedirectURIs: want.RedirectURIs, ConsentMethod: "TRUSTED", IssuerMode: want.IssuerMode, WildcardRedirect: "DISABLED",
			},
		},
		Profile: marks,
	}
	var created appBody
	if _, err := c.do(ctx, http.MethodPost, "/api/v1/apps?activate=true", body, &created); err != nil {
		return nil, fmt.Errorf("create Okta app %q: %w", want.Label, err)
	}
	if created.ID == "" {
		// It may have been made all the same, and is found by its client id when it is asked for again.
		return nil, fmt.Errorf("create Okta app %q: %w", want.Label, &transport.Error{
			Provider: dialect.Provider, Method: http.MethodPost, Path: "/api/v1/apps", Kind: transport.Malformed, Summary: "Okta answered without an id",
		})
	}
	app := created.app()
	return &app, nil
}

// encryption is the key of the algorithm that an app's ID tokens are encrypted by.
const encryption = "id_token_encrypted_response_alg"

// UpdateApp gives an app another label, redirect URIs and profile, and what differs of the settings that keep people out. It reads the
// whole app and writes it back with these alone changed, because an update replaces everything and the SDK's types would drop settings
// of others. allowed can refuse the app as it is now, before it is changed; nil refuses none.
func (c *Client) UpdateApp(ctx context.Context, have, want planner.App, allowed func(App) error) error {
	return c.change(ctx, have.ID, want.Label, allowed, func(whole, client map[string]any) {
		whole["label"] = want.Label
		client["redirect_uris"] = want.RedirectURIs
		letIn(whole, client, have, want)
		mark(whole, want)
	})
}

// letIn changes what keeps people out of an app. What have and want agree on stays as it is: a run that surveyed the app before these
// were looked at knows neither.
func letIn(whole, client map[string]any, have, want planner.App) {
	if have.IDTokenEncryption != want.IDTokenEncryption {
		if client[encryption] = want.IDTokenEncryption; want.IDTokenEncryption == "" {
			delete(client, encryption)
		}
	}
	if settings, there := dig(whole, "settings"); there && have.Broker != want.Broker {
		settings["implicitAssignment"] = want.Broker
	}
}

// Remember writes what an app's profile tells of a connection, and changes nothing else of the app. allowed is as for UpdateApp.
func (c *Client) Remember(ctx context.Context, app planner.App, allowed func(App) error) error {
	return c.change(ctx, app.ID, app.Label, allowed, func(whole, _ map[string]any) { mark(whole, app) })
}

// change reads the whole app and writes it back, changed, unless the caller refuses what it is now.
func (c *Client) change(ctx context.Context, id, label string, allowed func(App) error, edit func(whole, client map[string]any)) error {
	at, err := path("/api/v1/apps/%s", id)
	if err != nil {
		return err
	}
	var whole map[string]any
	if _, err := c.do(ctx, http.MethodGet, at, nil, &whole); err != nil {
		return fmt.Errorf("read Okta app %s: %w", id, err)
	}
	client, ok := dig(whole, "settings", "oauthClient")
	if !ok || client == nil {
		return fmt.Errorf("read Okta app %s: it has no OAuth 2.0 settings", id)
	}
	if err := refuses(allowed, whole); err != nil {
		return err
	}
	edit(whole, client)
	leaveOut(whole)
	if _, err := c.do(ctx, http.MethodPut, at, whole, nil); err != nil {
		return fmt.Errorf("update Okta app %q (%s): %w", label, id, err)
	}
	return nil
}

// refuses is the caller's reason to leave an app as it is; nil for none.
func refuses(allowed func(App) error, whole map[string]any) error {
	if allowed == nil {
		return nil
	}
	var body appBody
	text, err := json.Marshal(whole)
	if err == nil {
		err = json.Unmarshal(text, &body)
	}
	if err != nil {
		return fmt.Errorf("read Okta app %v: %w", whole["id"], err)
	}
	return allowed(body.app())
}

func dig(from map[string]any, keys ...string) (map[string]any, bool) {
	for _, key := range keys {
		next, ok := from[key].(map[string]any)
		if !ok {
			return nil, false
		}
		from = next
	}
	return from, true
}

// leaveOut takes out of an app what no update holds: what Okta alone sets, and links that there are none of.
func leaveOut(whole map[string]any) {
	for _, readOnly := range []string{"_links", "created", "lastUpdated", "orn", "id", "status", "features", "universalLogout"} {
		delete(whole, readOnly)
	}
	if settings, there := dig(whole, "settings"); there {
		delete(settings, "emOptInStatus")
	}
	if accessibility, there := dig(whole, "accessibility"); there {
		for _, link := range []string{"loginRedirectUrl", "errorRedirectUrl"} {
			if accessibility[link] == nil {
				delete(accessibility, link)
			}
		}
	}
}
