package cloudflare

import (
	"fmt"

	"github.com/google/uuid"
)

// What follows changes an account by hand, as somebody in the dashboard would: no token, no limit, no
// journal. An account or a resource that isn't there makes it panic: that is a mistake in the test.

func (a *API) mustAccount(id string) *account {
	found, ok := a.accounts[id]
	if !ok {
		panic(fmt.Sprintf("cloudflare: no account %q", id))
	}
	return found
}

// change locks the API for a change. What it returns has lists that lag remember the change, and unlocks.
func (a *API) change() (done func()) {
	a.mutex.Lock()
	return func() {
		defer a.mutex.Unlock()
		a.remember(a.clock())
	}
}

func must(stored resource, found bool) resource {
	if !found {
		panic("cloudflare: no such resource")
	}
	return stored
}

// SetAuthDomain gives the account's Access organization another authorization domain.
func (a *API) SetAuthDomain(accountID, domain string) {
	defer a.change()()
	a.mustAccount(accountID).authDomain = domain
}

// EnableAccess sets Zero Trust up in an account where it never was.
func (a *API) EnableAccess(accountID string) {
	defer a.change()()
	a.mustAccount(accountID).accessDisabled = false
}

// AuthDomain is the authorization domain of the account's Access organization.
func (a *API) AuthDomain(accountID string) string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.mustAccount(accountID).authDomain
}

// AddIdentityProvider makes an identity provider, secret included, and gives its id.
func (a *API) AddIdentityProvider(accountID string, provider IdentityProvider) string {
	defer a.change()()
	id := provider.ID
	if id == "" {
		id = uuid.NewString()
	}
	a.mustAccount(accountID).providers.put(id, resource{
		"name": provider.Name, "type": provider.Type, "config": orEmpty(provider.Config),
		"scim_config": map[string]any(noProvisioning()),
	})
	return id
}

// EditIdentityProvider changes what is stored, secret included.
func (a *API) EditIdentityProvider(accountID, id string, edit func(map[string]any)) {
	defer a.change()()
	providers := a.mustAccount(accountID).providers
	edit(must(providers.get(id)))
}

// RenameIdentityProvider gives the identity provider another name.
func (a *API) RenameIdentityProvider(accountID, id, name string) {
	a.EditIdentityProvider(accountID, id, func(stored map[string]any) { stored["name"] = name })
}

// DeleteIdentityProvider deletes it, in use or not.
func (a *API) DeleteIdentityProvider(accountID, id string) {
	defer a.change()()
	a.mustAccount(accountID).providers.remove(id)
}

// IdentityProviders are copies of those stored, secrets included.
func (a *API) IdentityProviders(accountID string) []map[string]any {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return copies(a.mustAccount(accountID).providers)
}

// AddPolicy makes a reusable policy out of the body of a request, and gives its id. Rules aren't checked.
func (a *API) AddPolicy(accountID string, body map[string]any) string {
	defer a.change()()
	id := uuid.NewString()
	stored := clone(body)
	for _, part := range ruleLists {
		stored[part] = list(stored, part)
	}
	withSession(stored)
	stored["created_at"], stored["updated_at"] = a.now(), a.now()
	a.mustAccount(accountID).policies.put(id, stored)
	return id
}

// EditPolicy changes the stored policy.
func (a *API) EditPolicy(accountID, id string, edit func(map[string]any)) {
	defer a.change()()
	policies := a.mustAccount(accountID).policies
	stored := clone(must(policies.get(id)))
	edit(stored)
	policies.put(id, clone(stored))
}

// DeletePolicy detaches the policy everywhere and deletes it.
func (a *API) DeletePolicy(accountID, id string) {
	defer a.change()()
	a.mustAccount(accountID).policies.remove(id)
	for _, application := range a.mustAccount(accountID).applications.all() {
		kept := []linked{}
		for _, link := range links(application) {
			if link.id != id {
				kept = append(kept, link)
			}
		}
		setLinks(application, kept)
	}
}

// Policies are copies of those stored.
func (a *API) Policies(accountID string) []map[string]any {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return copies(a.mustAccount(accountID).policies)
}

// AddApplication makes a self-hosted application and gives its id.
func (a *API) AddApplication(accountID string, application Application) string {
	defer a.change()()
	stored := newApplication(resource{
		"type": "self_hosted", "name": application.Name, "domain": application.Domain,
		"allowed_idps": toList(application.AllowedIdentityProviders),
	})
	stored["aud"] = randomHex(32)
	stored["created_at"], stored["updated_at"] = a.now(), a.now()
	id := uuid.NewString()
	a.mustAccount(accountID).applications.put(id, stored)
	return id
}

// AttachPolicy appends the policy to those of the application.
func (a *API) AttachPolicy(accountID, applicationID, policyID string) {
	defer a.change()()
	application := must(a.mustAccount(accountID).applications.get(applicationID))
	if _, refusal := place(application, linked{id: policyID}); refusal != nil {
		panic("cloudflare: " + refusal.errors[0].Message)
	}
}

// AllowIdentityProviders sets the identity providers that the application allows.
func (a *API) AllowIdentityProviders(accountID, applicationID string, ids ...string) {
	defer a.change()()
	must(a.mustAccount(accountID).applications.get(applicationID))["allowed_idps"] = toList(ids)
}

// SetOrganization gives the account's organisation a setting, or takes it away when the value is nil.
func (a *API) SetOrganization(accountID, key string, value any) {
	defer a.change()()
	settings := a.mustAccount(accountID).settings
	if settings[key] = value; value == nil {
		delete(settings, key)
	}
}

// EditApplication changes the stored application.
func (a *API) EditApplication(accountID, id string, edit func(map[string]any)) {
	defer a.change()()
	edit(must(a.mustAccount(accountID).applications.get(id)))
}

// Applications are copies of those stored.
func (a *API) Applications(accountID string) []map[string]any {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return copies(a.mustAccount(accountID).applications)
}

// Logins are copies of the access log's entries, the oldest first.
func (a *API) Logins(accountID string) []map[string]any {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	copied := []map[string]any{}
	for _, entry := range a.mustAccount(accountID).logins {
		copied = append(copied, pick(entry, ""))
	}
	return copied
}

// Login is a sign-in as the access log has it.
type Login struct {
	Email   string
	Allowed bool
	// Domain and Application are those of the application; the login domain itself and nothing when empty.
	Domain, Application string
	// IdentityProvider is the id; the log shows its type.
	IdentityProvider string
	IPAddress        string
	Ray              string
}

// AddLogin writes a sign-in in the access log, as of now. That the real log says "okta" for the connection
// is an assumption.
func (a *API) AddLogin(accountID string, login Login) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	account := a.mustAccount(accountID)
	if login.Domain == "" {
		login.Domain = account.authDomain
	}
	if login.Ray == "" {
		login.Ray = randomHex(8)
	}
	provider, _ := account.providers.get(login.IdentityProvider)
	account.logins = append(account.logins, resource{
		"action": "login", "allowed": login.Allowed, "app_domain": login.Domain, "app_uid": login.Application,
		"connection": text(provider, "type"), "created_at": a.now(), "ip_address": login.IPAddress, "ray_id": login.Ray,
		"user_email": login.Email, hidden + "idp": login.IdentityProvider,
	})
}

func copies(resources *collection) []map[string]any {
	copied := []map[string]any{}
	for _, stored := range resources.all() {
		copied = append(copied, clone(stored))
	}
	return copied
}
