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
	var organization struct {
		AuthDomain string `json:"auth_domain"`
	}
	if _, err := c.do(ctx, http.MethodGet, "/access/organizations", nil, &organization); err != nil {
		return "", fmt.Errorf("read the Access organization of Cloudflare account %s: %w", c.account, err)
	}
	if !authDomainForm.MatchString(organization.AuthDomain) {
		return "", errors.New("read the Access organization of Cloudflare account " + c.account + ": it has no authorization domain; finish setting up Zero Trust in the Cloudflare dashboard")
	}
	return organization.AuthDomain, nil
}
