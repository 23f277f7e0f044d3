package host

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// Options say what the sandbox simulates and where it listens.
type Options struct {
	Orgs     []OrgOptions
	Accounts []AccountOptions
	// APIAddress is where the Cloudflare API listens.
	APIAddress string
	// Name is what clients call this machine; when empty, the host of each address.
	Name string
	// CAFile is where the certificate authority is written; when empty, a temporary file that Close removes.
	CAFile string
	// APILimit is the Cloudflare API's: see cloudflare.Config.
	APILimit int
	// RefuseDeletingUsedIdentityProvider is the Cloudflare API's: see cloudflare.Config.
	RefuseDeletingUsedIdentityProvider bool
	// DetachLag is the Cloudflare API's: see cloudflare.Config.
	DetachLag int
	// Latency comes before each answer of the Okta orgs and of the Cloudflare API.
	Latency time.Duration
	// OktaOptions and APIOptions are for the servers of the orgs, and of the Cloudflare API.
	OktaOptions, APIOptions []kit.Option
	// Clock gives the time; the real one when nil.
	Clock func() time.Time
}

// OrgOptions are an Okta org's.
type OrgOptions struct {
	// Address is where the org listens. Name, Token and the rest are in the Config.
	Address string
	okta.Config
}

// AccountOptions are a Cloudflare account's.
type AccountOptions struct {
	// Name is the account's in the worker's configuration.
	Name string
	// Address is where the account's Access login domain listens.
	Address string
	ID      string
	// Tokens has at least one; the worker's configuration gets the first.
	Tokens            []cloudflare.Token
	AccessDisabled    bool
	Applications      []cloudflare.Application
	IdentityProviders []cloudflare.IdentityProvider
}

// Default is the sandbox as it runs on its own: fixed addresses on this machine, real limits, and fixed
// tokens and passwords that open nothing but this.
func Default() Options {
	options := Options{
		APIAddress: "127.0.0.1:9444",
		CAFile:     ".sandbox/ca.pem",
		Orgs: []OrgOptions{
			newOrg("acme", "127.0.0.1:9443", "00-sandbox-okta-token-of-acme", []okta.User{
				newUser("acme", "alice", "Engineering"), newUser("acme", "bob", "Support"),
				newUser("acme", "carol", "Sales"), newUser("acme", "ceo", "Support"),
			}),
			newOrg("globex", "127.0.0.1:9446", "00-sandbox-okta-token-of-globex", []okta.User{
				newUser("globex", "dave", "Engineering"), newUser("globex", "erin", "Support"),
			}),
		},
		Accounts: []AccountOptions{
			newAccount("acme", "127.0.0.1:9445", "acce5500000000000000000000000001"),
			newAccount("globex", "127.0.0.1:9447", "acce5500000000000000000000000002"),
		},
	}
	options.Orgs[0].OIE, options.Orgs[0].AuthorizationServers = true, true // globex is a Classic org without them
	return options
}

// Ephemeral is the same for tests: free addresses, no limits, and tokens and account ids that nobody else has, so that many can run in
// one process, and by one Temporal server.
func Ephemeral() Options {
	options := Default()
	options.CAFile, options.APIAddress, options.APILimit = "", free, -1
	for index := range options.Orgs {
		org := &options.Orgs[index]
		org.Address, org.Token, org.Limits = free, "00"+rand.Text(), okta.Unlimited
	}
	for index := range options.Accounts {
		account := &options.Accounts[index]
		account.Address, account.ID = free, randomID()
		account.Tokens = []cloudflare.Token{{Value: rand.Text()}}
	}
	return options
}

// randomID has the form of the id of an account.
func randomID() string {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	return hex.EncodeToString(id)
}

// free is any port that nobody uses.
const free = "127.0.0.1:0"

func newOrg(name, address, token string, users []okta.User) OrgOptions {
	return OrgOptions{Address: address, Config: okta.Config{
		Name: name, Token: token, Users: users,
		// Every org has the group Everyone; nobody seeds it.
		Groups: []okta.Group{
			{Name: "Engineering", Description: "Those who build"},
			{Name: "Support", Description: "Those who help"},
			{Name: "Sales", Description: "Those who sell"},
		},
	}}
}

func newUser(org, name, group string) okta.User {
	return okta.User{
		Login: name + "@" + org + ".example", Password: "sandbox-" + name,
		FirstName: name, LastName: "of " + org, Groups: []string{group},
	}
}

// newAccount has what a new account has, the one-time PIN, and two applications.
func newAccount(name, address, id string) AccountOptions {
	return AccountOptions{
		Name: name, Address: address, ID: id,
		Tokens:            []cloudflare.Token{{Value: "sandbox-cloudflare-token-of-" + name}},
		IdentityProviders: []cloudflare.IdentityProvider{{Name: "One-time PIN", Type: "onetimepin"}},
		Applications: []cloudflare.Application{
			{Name: "Wiki", Domain: "wiki." + name + ".example"},
			{Name: "Dashboard", Domain: "dashboard." + name + ".example"},
		},
	}
}
