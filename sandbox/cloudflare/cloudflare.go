// Package cloudflare simulates the part of Cloudflare that a connection touches: the Access API with its
// tokens, envelopes, error codes and limits, and the Access login domain of each account.
//
// Where the real API's behaviour isn't established, the code says what it assumes.
package cloudflare

import (
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// Base is the path under which the API is served, as at api.cloudflare.com.
const Base = "/client/v4"

// Config is what an API is seeded with.
type Config struct {
	Accounts []Account
	// Clock gives the time; the real one when nil.
	Clock func() time.Time
	// RefuseDeletingUsedIdentityProvider answers 409 when an application, a policy or a group refers to the
	// identity provider. Nobody has established which of the two the real API does.
	RefuseDeletingUsedIdentityProvider bool
	// Limit is how many requests a token may send in five minutes: 0 for the documented 1200, -1 for any number.
	Limit int
	// DetachLag is how many deletes of a policy are still refused after it was detached from its last
	// application: the real API lags a little.
	DetachLag int
}

// Account is one Cloudflare account.
type Account struct {
	// ID has 32 hexadecimal digits.
	ID string
	// Name of the Access organisation.
	Name string
	// AuthDomain is the host, and the port where it isn't 443, of the account's Access login domain.
	AuthDomain string
	Tokens     []Token
	// AccessDisabled makes every Access call fail, as in an account where Zero Trust was never set up.
	AccessDisabled    bool
	Applications      []Application
	IdentityProviders []IdentityProvider
}

// Token is an API token.
type Token struct {
	Value string
	// Permissions are "org:read", "idp:read", "idp:write" (groups too), "policies:read", "policies:write"
	// (applications too), "apps:read", "apps:write", "logs:read". Write includes read. Empty is all of them.
	Permissions []string
	// AccountOwned tokens belong to the account, not to a user: /user/tokens/verify refuses them.
	AccountOwned bool
	// Status is "active" when empty; "disabled" or "expired".
	Status string
}

// Application is a seeded self-hosted Access application.
type Application struct {
	Name   string
	Domain string
	// AllowedIdentityProviders are ids; empty allows all.
	AllowedIdentityProviders []string
}

// IdentityProvider is a seeded identity provider.
type IdentityProvider struct {
	// ID is made from the account and the name when empty, the same at every start.
	ID       string
	Name     string
	Type     string
	Config   map[string]any
	ReadOnly bool
}

// API is the Cloudflare API for all accounts. It is a Simulator.
type API struct {
	config Config
	clock  func() time.Time
	routes *http.ServeMux

	// mutex guards everything below, and each account.
	mutex    sync.Mutex
	accounts map[string]*account
	access   map[string]*Access
	tokens   []*grant
	windows  map[string]*window
	// watched is what the lists of each account would show and when that changed; nil unless lists lag.
	watched map[string]*kit.History[resource]
}

var accountID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// New makes an API with what the configuration seeds it with.
func New(config Config) (*API, error) {
	api := &API{config: config, clock: config.Clock, access: map[string]*Access{}}
	if api.clock == nil {
		api.clock = time.Now
	}
	seen := map[string]bool{}
	for _, seed := range config.Accounts {
		if !accountID.MatchString(seed.ID) {
			return nil, fmt.Errorf("account id %q must have 32 hexadecimal digits", seed.ID)
		}
		if seen[seed.ID] {
			return nil, fmt.Errorf("account id %q is there twice", seed.ID)
		}
		seen[seed.ID] = true
		api.access[seed.ID] = newAccess(api, seed.ID)
	}
	api.routes = api.newRoutes()
	api.Reset()
	return api, nil
}

// Reset takes every account, and every Access login domain, back to its seeds.
func (a *API) Reset() {
	for _, access := range a.access {
		access.Reset()
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	authDomains := map[string]string{}
	for id, current := range a.accounts {
		authDomains[id] = current.authDomain
	}
	a.accounts = map[string]*account{}
	a.tokens = nil
	a.windows = map[string]*window{}
	for _, seed := range a.config.Accounts {
		if domain, ok := authDomains[seed.ID]; ok {
			seed.AuthDomain = domain // where it listens is no resource
		}
		a.accounts[seed.ID] = a.newAccount(seed)
		for _, token := range seed.Tokens {
			a.tokens = append(a.tokens, newGrant(seed.ID, token))
		}
	}
	if a.watched != nil {
		a.watched = map[string]*kit.History[resource]{}
		a.remember(time.Time{})
	}
}

// Access is the login domain of the account, or nil where there is no such account.
func (a *API) Access(accountID string) *Access { return a.access[accountID] }

// now is the API's time, as the API writes it: RFC 3339 in UTC.
func (a *API) now() string { return a.clock().UTC().Format(time.RFC3339Nano) }
