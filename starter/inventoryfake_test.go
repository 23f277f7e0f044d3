package main

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
)

// What the fake orgs hold, beside nothing of any other name.
const (
	nameRemembered = "remembered" // in one org, with its document
	nameTwice      = "twice"      // in two orgs
	nameForgotten  = "forgotten"  // in one org, whose app tells no document
	orgBroken      = "broken"     // can't be read; it is asked only when it is named
)

// inventoryFake finds what the name and the orgs say.
func inventoryFake(_ workflow.Context, request connection.InventoryRequest) (connection.Inventory, error) {
	all := []connection.Existing{
		existingFake(nameForgotten, "acme"), existingFake(nameRemembered, "acme"), existingFake(nameTwice, "acme"), existingFake(nameTwice, "globex"),
	}
	all[0].Document, all[0].Account, all[0].Unknown = nil, "", "the app's profile doesn't tell any more what the connection consists of"
	inventory := connection.Inventory{Connections: []connection.Existing{}, Orgs: request.Orgs}
	if len(inventory.Orgs) == 0 {
		inventory.Orgs = []string{"acme", "globex"}
	}
	for _, each := range all {
		if (request.Name == "" || request.Name == each.Connection) && slices.Contains(inventory.Orgs, each.Org) {
			inventory.Connections = append(inventory.Connections, each)
		}
	}
	if slices.Contains(inventory.Orgs, orgBroken) {
		inventory.Unread = []connection.UnreadOrg{{Org: orgBroken, Failure: connection.Failure{
			Step: "ListConnections broken", Message: "401 Unauthorized", Provider: "okta", Advice: "put a new token into okta.orgs.broken.api_token",
		}}}
	}
	return inventory, nil
}

func existingFake(name, org string) connection.Existing {
	spec := connection.Spec{
		Name: name, Okta: connection.OktaSpec{Org: org, AppLabel: "Of " + org, AssignGroups: []string{"Engineering"}}, Cloudflare: connection.CloudflareSpec{Account: "cf-" + org},
	}.WithDefaults()
	return connection.Existing{
		Connection: name, Org: org, OktaURL: "https://" + org + ".okta.com", Account: "cf-" + org, AppID: "0oa-" + org, AppLabel: "Of " + org,
		ClientID: "accessbridge-" + name + "-1", IdentityProviderID: "idp-" + org, PolicyIDs: []string{"policy-" + org}, Run: "run-" + org,
		RunStarted: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Document: &spec,
	}
}
