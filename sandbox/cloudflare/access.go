package cloudflare

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const (
	callbackPath = "/cdn-cgi/access/callback"
	loginPath    = "/cdn-cgi/access/login"
	startPath    = "/cdn-cgi/access/sso/"
	testPath     = "/cdn-cgi/access/test-idp/"
)

// Access is the login domain of one account: what people's browsers see. It is a Simulator.
type Access struct {
	api     *API
	account string
	routes  *http.ServeMux
	// key signs the tokens of those who are let in. It is made when first needed: it takes its time.
	key func() (*jose.JSONWebKey, error)

	mutex    sync.Mutex
	client   *http.Client
	flows    map[string]*flow
	sessions map[string]identity
}

func newAccess(api *API, account string) *Access {
	x := &Access{api: api, account: account, client: http.DefaultClient, key: sync.OnceValues(newKey)}
	x.Reset()
	x.routes = http.NewServeMux()
	x.routes.HandleFunc("GET /{$}", x.login)
	x.routes.HandleFunc("GET "+loginPath, x.login)
	x.routes.HandleFunc("GET "+loginPath+"/{domain...}", x.login)
	x.routes.HandleFunc("GET "+startPath+"{id}", x.start)
	x.routes.HandleFunc("GET "+testPath+"{id}", x.test)
	x.routes.HandleFunc("GET "+callbackPath, x.callback)
	x.routes.HandleFunc("GET /cdn-cgi/access/certs", x.certs)
	x.routes.HandleFunc("GET /cdn-cgi/access/get-identity", x.getIdentity)
	x.routes.HandleFunc("GET /cdn-cgi/access/logout", x.logout)
	return x
}

// SetURL says where the login domain is reached. The account's auth_domain follows.
func (x *Access) SetURL(address string) {
	host := strings.TrimPrefix(address, "https://")
	if parsed, err := url.Parse(address); err == nil && parsed.Host != "" {
		host = parsed.Host
	}
	x.api.SetAuthDomain(x.account, host)
}

// SetHTTPClient sets the client that reaches the identity providers.
func (x *Access) SetHTTPClient(client *http.Client) {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	x.client = client
}

// outgoing is a context with which the OpenID Connect libraries use the right client.
func (x *Access) outgoing(ctx context.Context) context.Context {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	return oidc.ClientContext(ctx, x.client)
}

// ServeHTTP serves the login pages.
func (x *Access) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("CF-Ray", randomHex(8)+"-FRA")
	w.Header().Set("Cache-Control", "no-store")
	x.routes.ServeHTTP(w, r)
}

// State is the login domain's address: who is signed in is no resource.
func (x *Access) State() any {
	return resource{"auth_domain": x.authDomain()}
}

// Reset forgets who is signed in, and every sign-in under way.
func (x *Access) Reset() {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	x.flows = map[string]*flow{}
	x.sessions = map[string]identity{}
}

func (x *Access) authDomain() string {
	x.api.mutex.Lock()
	defer x.api.mutex.Unlock()
	return x.api.accounts[x.account].authDomain
}

// view is a copy of the account, safe to read for as long as a request takes.
func (x *Access) view() *account {
	x.api.mutex.Lock()
	defer x.api.mutex.Unlock()
	original := x.api.accounts[x.account]
	copied := *original
	copied.providers, copied.policies = original.providers.clone(), original.policies.clone()
	copied.applications, copied.groups = original.applications.clone(), original.groups.clone()
	return &copied
}

func (c *collection) clone() *collection {
	copied := newCollection()
	for _, stored := range c.all() {
		copied.put(text(stored, "id"), clone(stored))
	}
	return copied
}
