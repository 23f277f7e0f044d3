package cloudflare

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/google/uuid"
)

// resource is something that the API stores, as JSON: what a full replacement leaves out is then really gone.
type resource map[string]any

// account is one account's resources. The API's mutex guards it.
type account struct {
	id, name, authDomain string
	accessDisabled       bool
	createdAt            string
	providers            *collection
	policies             *collection // reusable ones, and those of one application only
	applications         *collection
	groups               *collection
	grants               *collection
	// settings are the organisation's own, beside those that every one has.
	settings resource
	logins   []resource
	// lag counts down the deletes that are still refused after a policy was detached.
	lag map[string]int
}

func (a *API) newAccount(seed Account) *account {
	created := &account{
		id: seed.ID, name: seed.Name, authDomain: seed.AuthDomain, accessDisabled: seed.AccessDisabled,
		createdAt: "2026-01-01T00:00:00Z",
		providers: newCollection(), policies: newCollection(), applications: newCollection(), groups: newCollection(),
		grants: newCollection(), settings: resource{},
		lag: map[string]int{},
	}
	for _, provider := range seed.IdentityProviders {
		id := provider.ID
		if id == "" {
			id = seedID(seed.ID, "identity provider", provider.Name)
		}
		stored := resource{"name": provider.Name, "type": provider.Type, "config": orEmpty(provider.Config)}
		if provider.ReadOnly {
			stored["read_only"] = true
		}
		created.providers.put(id, stored)
	}
	for _, application := range seed.Applications {
		id := seedID(seed.ID, "application", application.Domain)
		stored := newApplication(resource{
			"type": "self_hosted", "name": application.Name, "domain": application.Domain,
			"allowed_idps": toList(application.AllowedIdentityProviders),
		})
		digest := sha256.Sum256([]byte(id))
		stored["aud"] = hex.EncodeToString(digest[:])
		stored["created_at"], stored["updated_at"] = created.createdAt, created.createdAt
		created.applications.put(id, stored)
	}
	return created
}

// seedID is the same at every start, so that a person can keep it.
func seedID(account, kind, name string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(account+"/"+kind+"/"+name)).String()
}

// collection is resources by id, in the order in which they were created.
type collection struct {
	order []string
	byID  map[string]resource
}

func newCollection() *collection { return &collection{byID: map[string]resource{}} }

// put adds the resource, or takes the place of what has the id.
func (c *collection) put(id string, stored resource) {
	if _, ok := c.byID[id]; !ok {
		c.order = append(c.order, id)
	}
	stored["id"] = id
	c.byID[id] = stored
}

func (c *collection) get(id string) (resource, bool) {
	stored, ok := c.byID[id]
	return stored, ok
}

func (c *collection) remove(id string) {
	delete(c.byID, id)
	c.order = slices.DeleteFunc(c.order, func(other string) bool { return other == id })
}

func (c *collection) all() []resource {
	all := make([]resource, 0, len(c.order))
	for _, id := range c.order {
		all = append(all, c.byID[id])
	}
	return all
}

// clone is a deep copy, so that what leaves the store can be changed.
func clone(original resource) resource {
	encoded, err := json.Marshal(original)
	if err != nil {
		panic(err) // it came out of JSON
	}
	copied := resource{}
	if err := json.Unmarshal(encoded, &copied); err != nil {
		panic(err)
	}
	return copied
}

func text(stored map[string]any, key string) string {
	value, _ := stored[key].(string)
	return value
}

func truth(stored map[string]any, key string) bool {
	value, _ := stored[key].(bool)
	return value
}

// object is the JSON object under the key, or an empty one.
func object(stored map[string]any, key string) map[string]any {
	if value, ok := stored[key].(map[string]any); ok {
		return value
	}
	return map[string]any{}
}

// list is the JSON array under the key; null and absence are an empty one.
func list(stored map[string]any, key string) []any {
	value, _ := stored[key].([]any)
	if value == nil {
		return []any{}
	}
	return value
}

func toList(values []string) []any {
	converted := make([]any, 0, len(values))
	for _, value := range values {
		converted = append(converted, value)
	}
	return converted
}

func orEmpty(values map[string]any) map[string]any {
	if values == nil {
		return map[string]any{}
	}
	return clone(values)
}

// only keeps the named keys that have a value other than null.
func only(sent map[string]any, keys ...string) resource {
	kept := resource{}
	for _, key := range keys {
		if value, ok := sent[key]; ok && value != nil {
			kept[key] = value
		}
	}
	return kept
}

func randomHex(bytes int) string {
	buffer := make([]byte, bytes)
	_, _ = rand.Read(buffer) // never fails: it ends the program instead
	return hex.EncodeToString(buffer)
}

// hash stands for a secret where it may be compared but not seen.
func hash(secret string) string {
	if secret == "" {
		return ""
	}
	digest := sha256.Sum256([]byte(secret))
	return "sha256:" + hex.EncodeToString(digest[:])
}
