package host

import (
	"context"
	"fmt"

	"github.com/accessbridge/accessbridge/sandbox/signin"
)

// SignIn signs a seeded user of any org in at the account's login domain, through the named identity
// provider. The path is where they start: "/", "/cdn-cgi/access/login/<application's domain>",
// "/cdn-cgi/access/login?policy=<id>" or "/cdn-cgi/access/test-idp/<id>".
func (s *Sandbox) SignIn(ctx context.Context, account, path, provider, login string) (signin.Outcome, error) {
	client := s.CA.Client()
	defer client.CloseIdleConnections()
	for _, org := range s.Orgs {
		for _, user := range org.Users {
			if user.Login == login {
				return signin.Through(ctx, client, s.Accounts[account].URL+path, provider, signin.Person{Login: login, Password: user.Password})
			}
		}
	}
	return signin.Outcome{}, fmt.Errorf("no org has the user %q", login)
}
