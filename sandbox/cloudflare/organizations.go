package cloudflare

import "maps"

var organizationEndpoints = map[string]endpoint{
	"GET organizations": {"org:read", getOrganization},
}

// getOrganization answers with one object: an account has one Access organisation.
func getOrganization(c *call) reply {
	return ok(c.account.organization())
}

func (a *account) organization() resource {
	shown := resource{
		"auth_domain":                 a.authDomain,
		"name":                        a.name,
		"session_duration":            "24h",
		"auto_redirect_to_identity":   false,
		"allow_authenticate_via_warp": false,
		"is_ui_read_only":             false,
		"login_design":                resource{"header_text": a.name},
		"created_at":                  a.createdAt,
		"updated_at":                  a.createdAt,
	}
	maps.Copy(shown, a.settings)
	return shown
}
