package activities

import (
	"context"
	"slices"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// referrers finds what refers to an identity provider, beside reusable policies and what applications offer. Lists can be behind, so
// what seems to refer to it is read by its id before it is believed. unseen means that the token may not list Access groups.
func referrers(ctx context.Context, account *cloudflare.Client, identityProviderID string, known planner.Referring) (found []planner.Referrer, unseen bool, err error) {
	err = together(
		func() (err error) { known.Groups, err = account.ListGroups(ctx); return err },
		func() (err error) { known.Grants, err = account.ListFederationGrants(ctx); return err },
	)
	if unseen = transport.Is(err, transport.Forbidden); err != nil && !unseen {
		return nil, false, err
	}
	for _, group := range known.Groups {
		if !group.RefersTo(identityProviderID) {
			continue
		}
		now, err := account.ReadGroup(ctx, group.ID)
		if err != nil {
			return nil, false, err
		}
		known.Groups = planner.Replace(slices.Clone(known.Groups), func(each planner.AccessGroup) string { return each.ID }, group.ID, now)
	}
	applications := known.Applications
	for _, application := range applications {
		if len(planner.ReferrersTo(identityProviderID, planner.Referring{Applications: []planner.ListedApplication{application}})) == 0 {
			continue
		}
		now, err := account.ReadApplication(ctx, application.ID)
		if err != nil {
			return nil, false, err
		}
		known.Applications = planner.Replace(slices.Clone(known.Applications), func(each planner.ListedApplication) string { return each.ID }, application.ID, now)
	}
	return planner.ReferrersTo(identityProviderID, known), unseen, nil
}

// federation are the grants through which other accounts use an identity provider, for a run that would have to change it.
func federation(ctx context.Context, account *cloudflare.Client, identityProviderID string) ([]planner.Referrer, error) {
	grants, err := account.ListFederationGrants(ctx)
	return planner.ReferrersTo(identityProviderID, planner.Referring{Grants: grants}), err
}
