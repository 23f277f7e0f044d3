package activities

import (
	"fmt"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// heldLookupToken is the token for group look-up that the worker holds for an org; a zero one where it holds none. Like every secret, it
// leaves an activity for its provider alone: histories have its fingerprint.
func (a *Activities) heldLookupToken(org string) (secret.Secret, error) {
	read, held := a.LookupTokens[org]
	if !held {
		return secret.Secret{}, nil
	}
	token, err := read()
	if err != nil {
		message := fmt.Sprintf("read the token for group look-up of Okta org %q: %v", org, err)
		return secret.Secret{}, noLookupToken(message, fmt.Sprintf("write it into the file that okta.orgs.%s.group_lookup_token_file of the worker's configuration names", org))
	}
	return token, nil
}

// surveyLookupToken notes which token for group look-up the worker holds, where the document asks for it.
func (a *Activities) surveyLookupToken(spec connection.Spec, state *planner.State) error {
	if !spec.Cloudflare.GroupLookup {
		return nil
	}
	token, err := a.heldLookupToken(spec.Okta.Org)
	state.LookupToken = token.Fingerprint()
	return err
}

// toHand are the secrets that an identity provider is handed.
func (a *Activities) toHand(org string, want planner.IdentityProvider, clientSecret okta.ClientSecret) (cloudflare.Handed, error) {
	handed := cloudflare.Handed{ClientSecret: clientSecret.Value}
	if !want.LooksGroupsUp() {
		return handed, nil
	}
	var err error
	if handed.LookupToken, err = a.heldLookupToken(org); err != nil {
		return handed, err
	}
	if handed.LookupToken.IsZero() { // this worker is configured otherwise than the one that surveyed
		return handed, noLookupToken(fmt.Sprintf("this worker holds no token for group look-up of Okta org %q", org),
			fmt.Sprintf("add okta.orgs.%s.group_lookup_token to the worker's configuration and restart it", org))
	}
	return handed, nil
}

// toHandBack are the secrets that an identity provider is handed when a run is undone, with what of them can't be put back.
func (a *Activities) toHandBack(move IdentityProviderMove, back planner.IdentityProvider, clientSecret secret.Secret) (cloudflare.Handed, string, error) {
	handed := cloudflare.Handed{ClientSecret: clientSecret}
	if back.LooksGroupsUp() {
		var err error
		if handed.LookupToken, err = a.heldLookupToken(move.Org); err != nil {
			return handed, "", err
		}
	}
	return handed, planner.LookupTokenLeft(move.Want, back, handed.LookupToken.Fingerprint()), nil
}

func noLookupToken(message, advice string) error {
	return temporal.NewNonRetryableApplicationError(message, "NoCredentials", nil, Detail{Message: message, Advice: advice})
}
