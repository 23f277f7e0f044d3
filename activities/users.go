package activities

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// deleteUnused deletes the identity provider that this run made, unless others have come to use it since: then a person has to
// say what becomes of that.
func (a *Activities) deleteUnused(ctx context.Context, account *cloudflare.Client, move IdentityProviderMove) error {
	if move.AppID != "" { // else it is a disconnect, which was refused if there were any
		users, err := usersOf(ctx, account, move.Want.ID, move.Own)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return &transport.Error{
				Provider: "cloudflare", Method: "DELETE", Path: "/access/identity_providers/" + move.Want.ID, Kind: transport.Conflict,
				Summary: "others have come to use it since: " + strings.Join(users, ", "),
			}
		}
	}
	return account.DeleteIdentityProvider(ctx, move.Want.ID)
}

// usersOf names what refers to an identity provider: policies of others, applications, and whatever else can. Lists can be behind, so each is read by its id
// before it is believed.
func usersOf(ctx context.Context, account *cloudflare.Client, identityProviderID string, own []string) ([]string, error) {
	var users []string
	policies, err := account.ListPolicies(ctx)
	if err != nil {
		return nil, err
	}
	for _, policy := range policies {
		if !policy.RefersTo(identityProviderID) || slices.Contains(own, policy.ID) {
			continue
		}
		now, err := account.ReadPolicy(ctx, policy.ID)
		if err != nil {
			return nil, err
		}
		if now != nil && now.RefersTo(identityProviderID) {
			users = append(users, fmt.Sprintf("Access policy %q (%s)", now.Name, now.ID))
		}
	}
	applications, err := account.ListApplications(ctx)
	if err != nil {
		return nil, err
	}
	for _, application := range applications {
		if !slices.Contains(application.SignIn.IdentityProviders, identityProviderID) {
			continue
		}
		now, err := account.ReadApplication(ctx, application.ID)
		if err != nil {
			return nil, err
		}
		if now != nil && slices.Contains(now.SignIn.IdentityProviders, identityProviderID) {
			users = append(users, fmt.Sprintf("Access application %q (%s)", now.Name, now.ID))
		}
	}
	_, organization, err := account.Organization(ctx)
	if err != nil {
		return nil, err
	}
	others, _, err := referrers(ctx, account, identityProviderID, planner.Referring{Applications: applications, Organization: organization})
	for _, other := range others {
		users = append(users, other.Name)
	}
	return users, err
}
