package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
)

// authDomainForm is what an authorization domain may look like: a host, with a port in the sandbox.
var authDomainForm = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)

// AuthDomain returns the Access authorization domain of the account, such as acme.cloudflareaccess.com (procedure, step 1).
func (c *Client) AuthDomain(ctx context.Context) (string, error) {
	authDomain, _, err := c.Organization(ctx)
	return authDomain, err
}

// Organization returns the account's authorization domain, and all the settings of its Access organization.
func (c *Client) Organization(ctx context.Context) (authDomain string, settings map[string]any, err error) {
	if _, err := c.do(ctx, http.MethodGet, "/access/organizations", nil, &settings); err != nil {
		return "", nil, fmt.Errorf("read the Access organization of Cloudflare account %s: %w", c.account, err)
	}
	authDomain, _ = settings["auth_domain"].(string)
	if !authDomainForm.MatchString(authDomain) {
		return "", nil, errors.New("read the Access organization of Cloudflare account " + c.account + ": it has no authorization domain; finish setting up Zero Trust in the Cloudflare dashboard")
	}
	return authDomain, settings, nil
}
