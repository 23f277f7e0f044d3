package planner

import (
	"fmt"

	"github.com/accessbridge/accessbridge/connection"
)

// readOnlyAdvice is the way out: Cloudflare takes no change of such an identity provider here.
const readOnlyAdvice = "change it in the account that it belongs to, or have that account share it no longer"

// readOnlyProblems refuse a change of an identity provider that another account shares with this one.
func readOnlyProblems(spec connection.Spec, have State) []Problem {
	if have.IdentityProvider == nil || !have.IdentityProvider.ReadOnly {
		return nil
	}
	settings := updatesOf(spec, have)
	if len(settings) == 0 {
		return nil
	}
	return []Problem{{
		Path: "cloudflare.idp_name", Message: fmt.Sprintf("%s, and would have to be changed (%s)", readOnly(*have.IdentityProvider), list(settings)), Advice: readOnlyAdvice,
	}}
}

// undeletableProblems refuse to delete one that the connection is said to have made.
func undeletableProblems(have State) []Problem {
	if have.IdentityProvider == nil || !have.IdentityProvider.ReadOnly || have.IdentityProvider.Adopted {
		return nil
	}
	return []Problem{{Path: "cloudflare.idp_name", Message: readOnly(*have.IdentityProvider) + ", and can't be deleted here", Advice: readOnlyAdvice}}
}

// readOnlyNotes tell of it in a plan.
func readOnlyNotes(have State) []string {
	if have.IdentityProvider == nil || !have.IdentityProvider.ReadOnly {
		return nil
	}
	return []string{readOnly(*have.IdentityProvider) + ", and can't be changed here"}
}

func readOnly(idp IdentityProvider) string {
	return fmt.Sprintf("identity provider %s (%s) is read-only: another account shares it with this one", quote(idp.Name), idp.ID)
}
