// Package okta simulates an Okta org: its management API, and its org authorization server as an OpenID
// provider. A client written for Okta can't tell the difference for the calls that are served. Everything
// is in memory.
package okta

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// Config says what an org is like and what it holds at the start.
type Config struct {
	// Name is the org's subdomain, such as "acme".
	Name string
	// Token is an API token that the management API accepts, and Tokens are more of them.
	Token  string
	Tokens []string
	// Plan decides the rate limits: "integrator-free", "one-app", "enterprise" or "workforce" (the default).
	Plan string
	// Limits replaces the plan's limits, by bucket, in calls per minute; -1 is no limit. What is given here
	// is the limit that a client meets: the halving for a single token applies to the plan's limits only.
	Limits map[string]int
	// Concurrent replaces the plan's limit of requests to the management API that are under way at the same time: 15, 35, 75 and 75. -1 is
	// no limit, and so is 0 where Limits leaves no bucket with one.
	Concurrent int
	// Minute is how long the minute lasts that limits count calls in, in whole seconds: less than a minute has a test wait less. 0 is a
	// minute.
	Minute time.Duration
	// AuthorizationServers says whether the org has API Access Management. Without it, everything about
	// custom authorization servers is refused with 401 E0000015.
	AuthorizationServers bool
	// OIE makes it an Identity Engine org; otherwise it is a Classic one.
	OIE bool
	// UniversalLogout makes apps show their Universal Logout settings, which not every org has.
	UniversalLogout bool
	// BlockDeletedClientIDs refuses the client id of a deleted app as that of an existing one. Whether Okta lets a
	// deleted app's be used again isn't known.
	BlockDeletedClientIDs bool
	// GroupsFoundByQ is how many groups GET /api/v1/groups?q= finds at most where the caller gives no limit: 0 for the
	// documented 300. People saw 10 and 200 too.
	GroupsFoundByQ int
	// Groups and Users are what the org holds at the start, besides the group Everyone that every org has.
	Groups []Group
	Users  []User
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
}

// Group is a group as it is seeded.
type Group struct {
	Name        string
	Description string
	// Type is OKTA_GROUP (the default), APP_GROUP or BUILT_IN.
	Type string
	// Source is the type of the directory or app that a group of type APP_GROUP comes from. Default: active_directory.
	Source string
}

// User is a person as they are seeded.
type User struct {
	// Login is what the person signs in with, and Email is where mail reaches them; each stands in for the other.
	Login     string
	Email     string
	Password  string
	FirstName string
	LastName  string
	// Groups are the names of the person's groups. Everyone is in Everyone.
	Groups []string
}

// Org is a simulated Okta org. It is safe for concurrent use.
type Org struct {
	config   Config
	clock    func() time.Time
	routes   http.Handler
	provider http.Handler
	keys     *signingKeys
	// concurrency counts requests outside mu: those that wait for it too.
	concurrency *concurrency

	mu  sync.Mutex
	url string
	// sequence numbers everything that was ever created. It survives a reset: an id is never used twice.
	sequence int
	tokens   map[string]bool
	limiter  *limiter
	store    *store
	// watched is what lists would show and when that changed, by list; nil unless lists lag.
	watched map[string]*kit.History[entry]
}

// store is what a reset puts back.
type store struct {
	created              time.Time
	apps                 []*app
	groups               []*group
	users                []*user
	authorizationServers []*authorizationServer
	openID               *openIDState
	// deletedClients are the client ids of the apps that were deleted.
	deletedClients map[string]bool
}

// New makes an org that holds its seeds.
func New(config Config) (*Org, error) {
	if config.Name == "" {
		return nil, fmt.Errorf("okta: the org needs a name")
	}
	plan, err := planLimits(config.Plan)
	if err != nil {
		return nil, err
	}
	o := &Org{config: config, clock: config.Clock, url: "https://" + config.Name + ".okta.com"}
	if o.clock == nil {
		o.clock = time.Now
	}
	if o.limiter, err = newLimiter(plan, config.Limits, cmp.Or(config.Minute, time.Minute)); err != nil {
		return nil, err
	}
	o.concurrency = newConcurrency(config, o.limiter)
	o.keys = newSigningKeys(digestText(43, config.Name, "signing key"))
	if err := o.checkSeeds(); err != nil {
		return nil, err
	}
	o.reset()
	if o.provider, err = newProvider(o); err != nil {
		return nil, fmt.Errorf("okta: make the OpenID provider: %w", err)
	}
	o.routes = o.newRoutes()
	return o, nil
}

// checkSeeds makes sure that users name groups that exist.
func (o *Org) checkSeeds() error {
	known := map[string]bool{everyone: true}
	for _, group := range o.config.Groups {
		known[group.Name] = true
	}
	for _, user := range o.config.Users {
		for _, name := range user.Groups {
			if !known[name] {
				return fmt.Errorf("okta: user %q is in group %q, which isn't seeded", user.Login, name)
			}
		}
	}
	return nil
}

// SetURL tells the org the origin that it is served at. It must be called before the first request.
func (o *Org) SetURL(url string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.url = strings.TrimSuffix(url, "/")
}

// URL is the origin that the org is served at: its issuer too.
func (o *Org) URL() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.url
}

// Reset takes the org back to its seeds. API tokens and rate limits are as at the start too.
func (o *Org) Reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reset()
}

func (o *Org) reset() {
	o.tokens = make(map[string]bool)
	for _, token := range append([]string{o.config.Token}, o.config.Tokens...) {
		if token != "" {
			o.tokens[token] = true
		}
	}
	o.limiter.reset()
	o.store = &store{created: o.now(), openID: newOpenIDState(), deletedClients: map[string]bool{}}
	o.seedGroups()
	o.seedUsers()
	o.seedSystemApps()
	o.seedAuthorizationServers()
	if o.watched != nil {
		o.watched = map[string]*kit.History[entry]{}
		o.remember(time.Time{})
	}
}

// RevokeToken makes the management API refuse an API token from now on.
func (o *Org) RevokeToken(token string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.tokens, token)
}

// AddToken makes the management API accept an API token from now on.
func (o *Org) AddToken(token string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tokens[token] = true
}

// now is the time as Okta keeps it: in UTC, to the second.
func (o *Org) now() time.Time { return o.clock().UTC().Truncate(time.Second) }

// timestamp writes a time the way Okta does, with milliseconds.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
