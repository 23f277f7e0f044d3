package activities

import (
	"context"
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func checkIssuer(ctx context.Context, org *okta.Client) (string, error) {
	issuer, err := org.Issuer(ctx)
	return "issuer is " + issuer, err
}

// checkClient proves that Okta accepts the client secret that Cloudflare was handed.
func (a *Activities) checkClient(ctx context.Context, org *okta.Client, test ConnectionTest) (string, error) {
	clientSecret, err := a.recentSecret(ctx, org, test.AppID)
	if err == nil && test.Secret.ID != "" && clientSecret.ID != test.Secret.ID {
		clientSecret, err = org.Secret(ctx, test.AppID, test.Secret.ID)
	}
	if err != nil {
		return "", err
	}
	if err := org.AcceptsClient(ctx, test.IdentityProvider.ClientID, clientSecret); err != nil {
		a.secrets.forget(test.AppID)
		return "", err
	}
	return "accepted: " + test.IdentityProvider.ClientID, nil
}

// checkIdentityProvider proves that exactly one identity provider has the client id, and that it reads back as declared. It is read
// by its id, others are looked for in the list: that can be behind.
func checkIdentityProvider(ctx context.Context, account *cloudflare.Client, test ConnectionTest) (string, error) {
	want := test.IdentityProvider
	all, err := account.IdentityProvidersOf(ctx, want.ClientID)
	if err != nil {
		return "", err
	}
	var now *cloudflare.IdentityProvider
	for _, each := range all {
		switch {
		case each.ID == want.ID:
			now = &each
		case !test.Lost || planner.DiffIdentityProvider(&each.IdentityProvider, want).Action != connection.ActionUnchanged:
			return "", fmt.Errorf("there is another identity provider with client id %q: %q (%s)", want.ClientID, each.Name, each.ID)
		default: // a lost answer's: to the letter what this run asked for
			if err := account.DeleteIdentityProvider(ctx, each.ID); err != nil {
				return "", err
			}
		}
	}
	if now == nil || planner.DiffIdentityProvider(&now.IdentityProvider, want).Action != connection.ActionUnchanged {
		if now, err = account.ReadIdentityProvider(ctx, want.ID); err != nil {
			return "", err
		}
	}
	if now == nil {
		return "", fmt.Errorf("there is no identity provider %s any more", want.ID)
	}
	if change := planner.DiffIdentityProvider(&now.IdentityProvider, want); change.Action != connection.ActionUnchanged {
		return "", fmt.Errorf("identity provider %s reads back differently: %v", want.ID, change.Fields)
	}
	if !now.ReturnsTo(test.RedirectURI) {
		return "", fmt.Errorf("identity provider %s sends people back to %s, and the Okta app takes %s: "+
			"someone changed the account's authorization domain meanwhile", want.ID, now.RedirectURL, test.RedirectURI)
	}
	return "reads back as declared: " + want.ID, nil
}

// checkPolicy proves that the policy reads back as declared, and that there is exactly one.
func checkPolicy(ctx context.Context, account *cloudflare.Client, test ConnectionTest) (string, error) {
	want := *test.Policy
	all, err := account.ListPolicies(ctx)
	if err != nil {
		return "", err
	}
	var now *planner.AccessPolicy
	for _, each := range all {
		switch {
		case each.ID == want.ID:
			now = &each
		case each.Name != want.Name || !each.RefersTo(test.IdentityProvider.ID):
		case !test.Lost || planner.DiffPolicy(&each, want).Action != connection.ActionUnchanged:
			return "", fmt.Errorf("there is another Access policy named %q for the identity provider: %s", each.Name, each.ID)
		default: // a lost answer's: to the letter what this run asked for
			if err := account.DeletePolicy(ctx, each.ID); err != nil {
				return "", err
			}
		}
	}
	if now == nil || planner.DiffPolicy(now, want).Action != connection.ActionUnchanged {
		if now, err = account.ReadPolicy(ctx, want.ID); err != nil {
			return "", err
		}
	}
	if now == nil {
		return "", fmt.Errorf("there is no Access policy %q (%s) any more", want.Name, want.ID)
	}
	if change := planner.DiffPolicy(now, want); change.Action != connection.ActionUnchanged {
		return "", fmt.Errorf("policy %s reads back differently: %v", want.ID, change.Fields)
	}
	return "reads back as declared: " + want.ID, nil
}

func checkClaim(ctx context.Context, org *okta.Client, test ConnectionTest) (string, error) {
	claim, err := org.Claim(ctx, test.AppID)
	if err != nil {
		return "", err
	}
	if change := planner.DiffClaim(&planner.App{Claim: claim}, planner.App{Claim: test.Claim}); change.Action != connection.ActionUnchanged {
		return "", fmt.Errorf("the groups claim reads back differently: %v", change.Fields)
	}
	return test.Claim.String(), nil
}

func checkGroups(ctx context.Context, org *okta.Client, test ConnectionTest) (string, error) {
	assigned, err := org.AssignedGroups(ctx, test.AppID)
	if err != nil {
		return "", err
	}
	read := func(group planner.Group) error { // the list can be behind
		found, err := org.AssignedGroup(ctx, test.AppID, group.ID)
		if err == nil && found == nil {
			err = fmt.Errorf("the group %q (%s) is not assigned to the app", group.Name, group.ID)
		}
		assigned = planner.Replace(assigned, func(each planner.Group) string { return each.ID }, group.ID, found)
		return err
	}
	there := map[string]bool{}
	for _, group := range assigned {
		there[group.ID] = true
	}
	for _, group := range test.Groups {
		if there[group.ID] {
			continue
		}
		if err := read(group); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d of %d", len(test.Groups), len(test.Groups)), checkPriorities(test.Groups, &assigned, read)
}

// checkPriorities reports priorities that don't rise in the order of the document. What seems to be out of order is read first.
func checkPriorities(wanted []planner.Group, assigned *[]planner.Group, read func(planner.Group) error) error {
	for doubted := map[string]bool{}; ; {
		before, out := planner.OutOfOrder(wanted, *assigned)
		if out == nil {
			return nil
		}
		if doubted[before.ID] && doubted[out.ID] {
			return fmt.Errorf("the group %q has the priority %d, and %q, which the document names after it, %d", before.Name, *before.Priority, out.Name, *out.Priority)
		}
		for _, group := range []planner.Group{*before, *out} {
			if err := read(group); err != nil {
				return err
			}
			doubted[group.ID] = true
		}
	}
}

func checkApplications(ctx context.Context, account *cloudflare.Client, test ConnectionTest) (string, error) {
	all, err := account.ListApplications(ctx)
	if err != nil {
		return "", err
	}
	missing := func(application cloudflare.Application) string {
		switch id := test.IdentityProvider.ID; {
		case !slices.Contains(application.Policies, test.PolicyID):
			return "use the policy " + test.PolicyID
		case test.SignIn && !application.SignIn.Offers(id):
			return "offer the identity provider " + id
		}
		return ""
	}
	for _, id := range test.Applications {
		at := slices.IndexFunc(all, func(application cloudflare.Application) bool { return application.ID == id })
		if at >= 0 && missing(all[at]) == "" {
			continue
		}
		now, err := account.ReadApplication(ctx, id) // the list can be behind
		if err != nil {
			return "", err
		}
		if now == nil {
			return "", fmt.Errorf("there is no application %s any more", id)
		}
		if what := missing(*now); what != "" {
			return "", fmt.Errorf("application %s doesn't %s, although it was changed to: someone may have changed it at the same moment", id, what)
		}
	}
	return fmt.Sprintf("%d of %d", len(test.Applications), len(test.Applications)), nil
}
