package cloudflare

import (
	"slices"

	"github.com/google/uuid"
)

// grantEndpoints are those of federation grants, through which other accounts use an identity provider of this one.
var grantEndpoints = map[string]endpoint{
	"GET idp_federation_grants":         {"idp:read", listGrants},
	"POST idp_federation_grants":        {"idp:write", createGrant},
	"GET idp_federation_grants/{id}":    {"idp:read", getGrant},
	"DELETE idp_federation_grants/{id}": {"idp:write", deleteGrant},
}

// mostGrants is how many identity providers an account can share.
const mostGrants = 5

func listGrants(c *call) reply { return c.page(c.account.grants.all(), 100, 1000) }

func getGrant(c *call) reply {
	stored, found := c.account.grants.get(c.PathValue("id"))
	if !found {
		return failNotFound()
	}
	return ok(stored)
}

// createGrant refuses what can't be shared. The texts of the refusals are assumptions.
func createGrant(c *call) reply {
	sent, refusal := c.body()
	if refusal != nil {
		return *refusal
	}
	provider, found := c.account.providers.get(text(sent, "idp_id"))
	switch {
	case !found:
		return failInvalid("idp_id is not an identity provider of this account")
	case slices.Contains([]string{"onetimepin", "cloudflare"}, text(provider, "type")) || truth(provider, "read_only"):
		return failInvalid("this identity provider can not be federated")
	case c.account.federates(text(provider, "id")):
		return failConflict("the identity provider has a federation grant already")
	case len(c.account.grants.all()) >= mostGrants:
		return failInvalid("an account can federate at most five identity providers")
	}
	id := uuid.NewString()
	c.account.grants.put(id, resource{"idp_id": text(sent, "idp_id"), "created_at": c.api.now()})
	stored, _ := c.account.grants.get(id)
	return created(stored)
}

func deleteGrant(c *call) reply {
	id := c.PathValue("id")
	if _, found := c.account.grants.get(id); !found {
		return failNotFound()
	}
	c.account.grants.remove(id)
	return ok(resource{"id": id})
}

// federates reports whether other accounts use the identity provider.
func (a *account) federates(id string) bool {
	return slices.ContainsFunc(a.grants.all(), func(grant resource) bool { return text(grant, "idp_id") == id })
}
