package cloudflare

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// flow is a sign-in that waits for the identity provider to send the browser back.
type flow struct {
	provider string
	target   target
	test     bool
	nonce    string
	verifier string
}

// identity is who signed in, and how.
type identity struct {
	Email        string         `json:"email"`
	Groups       []string       `json:"groups"`
	Provider     string         `json:"-"`
	ProviderType string         `json:"-"`
	Claims       map[string]any `json:"-"`
}

// flowCookie binds a sign-in to the browser that began it, so that nobody can be signed in as somebody else.
func flowCookie(state string) string { return "CF_Login_" + state[:8] }

// begin sends the browser to the identity provider.
func (x *Access) begin(w http.ResponseWriter, r *http.Request, begun *flow) {
	account := x.view()
	provider, found := account.providers.get(begun.provider)
	if !found {
		showProblem(w, http.StatusNotFound, "Unable to find the identity provider", begun.provider)
		return
	}
	configuration, _, err := x.relyingParty(r.Context(), account, provider)
	if err != nil {
		x.failed(w, begun, "Failed to reach the identity provider: "+err.Error())
		return
	}
	state := randomHex(16)
	begun.nonce = randomHex(16)
	options := []oauth2.AuthCodeOption{oidc.Nonce(begun.nonce)}
	if truth(object(provider, "config"), "pkce_enabled") {
		begun.verifier = oauth2.GenerateVerifier()
		options = append(options, oauth2.S256ChallengeOption(begun.verifier))
	}
	x.mutex.Lock()
	x.flows[state] = begun
	x.mutex.Unlock()
	http.SetCookie(w, &http.Cookie{
		Name: flowCookie(state), Value: state, Path: callbackPath, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
	http.Redirect(w, r, configuration.AuthCodeURL(state, options...), http.StatusFound)
}

// relyingParty discovers the identity provider, and configures a client of it as registered.
func (x *Access) relyingParty(ctx context.Context, account *account, provider resource) (*oauth2.Config, *oidc.Provider, error) {
	if kind := text(provider, "type"); kind != "okta" {
		return nil, nil, fmt.Errorf("this sandbox signs people in through Okta only, not through %s", kind)
	}
	settings := object(provider, "config")
	issuer := strings.TrimSuffix(text(settings, "okta_account"), "/")
	if server := text(settings, "authorization_server_id"); server != "" {
		issuer += "/oauth2/" + server
	}
	discovered, err := oidc.NewProvider(x.outgoing(ctx), issuer)
	if err != nil {
		return nil, nil, err
	}
	return &oauth2.Config{
		ClientID:     text(settings, "client_id"),
		ClientSecret: text(settings, "client_secret"),
		Endpoint:     discovered.Endpoint(),
		RedirectURL:  "https://" + account.authDomain + callbackPath,
		Scopes:       []string{oidc.ScopeOpenID, "profile", "email", "groups"},
	}, discovered, nil
}

// callback is where the identity provider sends the browser back to.
func (x *Access) callback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	begun := x.take(r, query.Get("state"))
	if begun == nil {
		showProblem(w, http.StatusBadRequest, "Invalid login session",
			"The sign-in wasn't begun in this browser, or it was used already.")
		return
	}
	if problem := query.Get("error"); problem != "" {
		x.failed(w, begun, problem+": "+query.Get("error_description"))
		return
	}
	account := x.view()
	provider, found := account.providers.get(begun.provider)
	if !found {
		x.failed(w, begun, "The identity provider is gone")
		return
	}
	who, err := x.identify(r.Context(), account, provider, begun, query.Get("code"))
	if err != nil {
		x.failed(w, begun, err.Error())
		return
	}
	if begun.test {
		show(w, http.StatusOK, "works", who)
		return
	}
	x.decide(w, r, account, begun, who)
}

// take gives the sign-in of the state, once, to the browser that began it.
func (x *Access) take(r *http.Request, state string) *flow {
	if len(state) < 8 {
		return nil
	}
	cookie, err := r.Cookie(flowCookie(state))
	if err != nil || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(state)) != 1 {
		return nil
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	begun := x.flows[state]
	delete(x.flows, state)
	return begun
}

// identify exchanges the code and reads the claims of the ID token, and of userinfo for what it lacks.
func (x *Access) identify(ctx context.Context, account *account, provider resource, begun *flow, code string) (identity, error) {
	ctx = x.outgoing(ctx)
	configuration, discovered, err := x.relyingParty(ctx, account, provider)
	if err != nil {
		return identity{}, fmt.Errorf("failed to reach the identity provider: %w", err)
	}
	var options []oauth2.AuthCodeOption
	if begun.verifier != "" {
		options = append(options, oauth2.VerifierOption(begun.verifier))
	}
	token, err := configuration.Exchange(ctx, code, options...)
	if err != nil {
		return identity{}, fmt.Errorf("failed to exchange the code for a token: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := discovered.Verifier(&oidc.Config{ClientID: configuration.ClientID}).Verify(ctx, raw)
	if err != nil {
		return identity{}, fmt.Errorf("failed to verify the ID token: %w", err)
	}
	if verified.Nonce != begun.nonce {
		return identity{}, errors.New("the ID token was made for another sign-in")
	}
	claims := map[string]any{}
	if err := verified.Claims(&claims); err != nil {
		return identity{}, fmt.Errorf("failed to read the ID token: %w", err)
	}
	if claims["groups"] == nil || claims["email"] == nil {
		info, err := discovered.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil || info.Subject != verified.Subject {
			return identity{}, errNoGroups
		}
		further := map[string]any{}
		if err := info.Claims(&further); err != nil {
			return identity{}, fmt.Errorf("failed to read the user's information: %w", err)
		}
		for name, value := range further {
			if claims[name] == nil {
				claims[name] = value
			}
		}
	}
	if err := lookUpGroups(ctx, object(provider, "config"), claims); err != nil {
		return identity{}, err
	}
	return newIdentity(provider, claims)
}

func newIdentity(provider resource, claims map[string]any) (identity, error) {
	claim := text(object(provider, "config"), "email_claim_name")
	if claim == "" {
		claim = "email"
	}
	who := identity{
		Email: text(claims, claim), Groups: []string{}, Claims: claims,
		Provider: text(provider, "id"), ProviderType: text(provider, "type"),
	}
	for _, group := range list(claims, "groups") {
		who.Groups = append(who.Groups, toText(group))
	}
	if who.Email == "" {
		return who, fmt.Errorf("the identity provider gave no %s", claim)
	}
	return who, nil
}
