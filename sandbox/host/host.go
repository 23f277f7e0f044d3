// Package host starts the whole sandbox: Okta orgs, the Cloudflare API, and the Access login domain of each
// account, each on a TLS listener of its own.
package host

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// Sandbox is everything that was started.
type Sandbox struct {
	CA *kit.CA
	// CAFile is where the certificate authority was written.
	CAFile   string
	Orgs     map[string]*Org
	API      *API
	Accounts map[string]*Account

	listeners []*kit.Listener
	servers   []*kit.Server
	client    *http.Client
	temporary string
	closing   sync.Once
	forget    func() bool
}

// Org is an Okta org. Its journal, faults, State and Reset are the server's.
type Org struct {
	Name string
	// URL is the origin.
	URL   string
	Token string
	Users []okta.User
	// Org is the simulator behind the server.
	Org *okta.Org
	*kit.Server
}

// API is the Cloudflare API.
type API struct {
	// URL has the base path: https://…/client/v4.
	URL string
	// API is the simulator behind the server.
	API *cloudflare.API
	*kit.Server
}

// Account is a Cloudflare account, with the server of its Access login domain.
type Account struct {
	Name  string
	ID    string
	Token string
	// AuthDomain is the host and port of the login domain.
	AuthDomain string
	// URL is the origin of the login domain.
	URL string
	// Access is the simulator behind the server.
	Access *cloudflare.Access
	*kit.Server
}

// Start starts the sandbox. It ends with Close, or with the context.
func Start(ctx context.Context, options Options) (*Sandbox, error) {
	ca, err := kit.NewCA()
	if err != nil {
		return nil, err
	}
	sandbox := &Sandbox{
		CA: ca, CAFile: options.CAFile, Orgs: map[string]*Org{}, Accounts: map[string]*Account{}, client: ca.Client(),
	}
	err = errors.Join(sandbox.writeCA(), sandbox.startOrgs(options))
	if err == nil {
		err = sandbox.startCloudflare(options)
	}
	if err != nil {
		sandbox.Close()
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	sandbox.forget = context.AfterFunc(ctx, sandbox.close)
	return sandbox, nil
}

// Close ends every listener and every connection to it.
func (s *Sandbox) Close() {
	if s.forget != nil {
		s.forget()
	}
	s.close()
}

func (s *Sandbox) close() {
	s.closing.Do(func() {
		for _, listener := range s.listeners {
			_ = listener.Close() // it ends with the process at the latest
		}
		for _, server := range s.servers {
			server.DropLate()
		}
		s.client.CloseIdleConnections()
		if s.temporary != "" {
			_ = os.RemoveAll(s.temporary)
		}
	})
}

func (s *Sandbox) writeCA() error {
	if s.CAFile == "" {
		folder, err := os.MkdirTemp("", "accessbridge-sandbox-")
		if err != nil {
			return err
		}
		s.temporary, s.CAFile = folder, filepath.Join(folder, "ca.pem")
	}
	return s.CA.WritePEM(s.CAFile)
}

func (s *Sandbox) listen(address, name string) (*kit.Listener, error) {
	listener, err := kit.Listen(address, s.CA, name)
	if err != nil {
		return nil, err
	}
	s.listeners = append(s.listeners, listener)
	return listener, nil
}

func (s *Sandbox) startOrgs(options Options) error {
	for _, wanted := range options.Orgs {
		if s.Orgs[wanted.Name] != nil {
			return fmt.Errorf("org %q is there twice", wanted.Name)
		}
		listener, err := s.listen(wanted.Address, options.Name)
		if err != nil {
			return err
		}
		if wanted.Clock == nil {
			wanted.Clock = options.Clock
		}
		simulator, err := okta.New(wanted.Config)
		if err != nil {
			return err
		}
		simulator.SetURL(listener.URL())
		server := kit.Wrap(oktaFaults{simulator}, slices.Concat([]kit.Option{kit.WithLatency(options.Latency)}, options.OktaOptions)...)
		s.Orgs[wanted.Name] = &Org{
			Name: wanted.Name, URL: listener.URL(), Token: wanted.Token, Users: wanted.Users,
			Org: simulator, Server: server,
		}
		s.serve(listener, server)
	}
	return nil
}

func (s *Sandbox) serve(listener *kit.Listener, server *kit.Server) {
	s.servers = append(s.servers, server)
	listener.Serve(server)
}

func (s *Sandbox) startCloudflare(options Options) error {
	config := cloudflare.Config{
		Clock: options.Clock, Limit: options.APILimit, DetachLag: options.DetachLag,
		RefuseDeletingUsedIdentityProvider: options.RefuseDeletingUsedIdentityProvider,
	}
	listeners := map[string]*kit.Listener{}
	for _, wanted := range options.Accounts {
		if len(wanted.Tokens) == 0 || listeners[wanted.Name] != nil {
			return fmt.Errorf("account %q must have a token, and be there once", wanted.Name)
		}
		listener, err := s.listen(wanted.Address, options.Name)
		if err != nil {
			return err
		}
		listeners[wanted.Name] = listener
		config.Accounts = append(config.Accounts, cloudflare.Account{
			ID: wanted.ID, Name: wanted.Name, AuthDomain: listener.Host(), Tokens: wanted.Tokens,
			AccessDisabled: wanted.AccessDisabled, Applications: wanted.Applications, IdentityProviders: wanted.IdentityProviders,
		})
	}
	listener, err := s.listen(options.APIAddress, options.Name)
	if err != nil {
		return err
	}
	simulator, err := cloudflare.New(config)
	if err != nil {
		return err
	}
	server := kit.Wrap(simulator, slices.Concat([]kit.Option{kit.WithLatency(options.Latency)}, options.APIOptions)...)
	s.API = &API{URL: listener.URL() + cloudflare.Base, API: simulator, Server: server}
	s.serve(listener, server)
	for _, wanted := range options.Accounts {
		s.startAccess(wanted, listeners[wanted.Name])
	}
	return nil
}

func (s *Sandbox) startAccess(wanted AccountOptions, listener *kit.Listener) {
	access := s.API.API.Access(wanted.ID)
	access.SetHTTPClient(s.client)
	server := kit.Wrap(access)
	s.Accounts[wanted.Name] = &Account{
		Name: wanted.Name, ID: wanted.ID, Token: wanted.Tokens[0].Value, AuthDomain: listener.Host(), URL: listener.URL(),
		Access: access, Server: server,
	}
	s.serve(listener, server)
}
