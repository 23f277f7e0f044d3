package cloudflare

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// grant is a token and the account that it opens.
type grant struct {
	Token
	account string
	id      string
}

func newGrant(account string, token Token) *grant {
	if token.Status == "" {
		token.Status = "active"
	}
	id := strings.ReplaceAll(uuid.NewSHA1(uuid.NameSpaceURL, []byte(token.Value)).String(), "-", "")
	return &grant{Token: token, account: account, id: id}
}

// may reports whether the token has the permission; write includes read, and whoever may do something with
// policies may do it with applications, as Cloudflare's combined permission group has it.
func (g *grant) may(permission string) bool {
	if len(g.Permissions) == 0 {
		return true
	}
	family, _, _ := strings.Cut(permission, ":")
	families := []string{family}
	if family == "apps" {
		families = append(families, "policies")
	}
	for _, family := range families {
		if slices.Contains(g.Permissions, family+":write") {
			return true
		}
		if strings.HasSuffix(permission, ":read") && slices.Contains(g.Permissions, family+":read") {
			return true
		}
	}
	return false
}

var wellFormed = regexp.MustCompile(`^Bearer [A-Za-z0-9_.-]+$`)

// bearer is the token that the request came with.
func bearer(r *http.Request) (string, *reply) {
	header := r.Header.Get("Authorization")
	if !wellFormed.MatchString(header) {
		refusal := fail(http.StatusBadRequest, 6003, "Invalid request headers",
			cause{6111, "Invalid format for Authorization header"})
		return "", &refusal
	}
	return strings.TrimPrefix(header, "Bearer "), nil
}

// find is the grant that the token has in the account.
func (a *API) find(token, account string) *grant {
	for _, candidate := range a.tokens {
		if candidate.Value == token && candidate.account == account {
			return candidate
		}
	}
	return nil
}

func (a *API) active(token string) bool {
	return slices.ContainsFunc(a.tokens, func(candidate *grant) bool {
		return candidate.Value == token && candidate.Status == "active"
	})
}

// verifyUserToken knows users' tokens only: one that belongs to an account gets 1000, valid as it is.
func (a *API) verifyUserToken(w http.ResponseWriter, r *http.Request) {
	a.verify(r, func(candidate *grant) bool { return !candidate.AccountOwned }).write(w)
}

// verifyAccountToken knows the account's own tokens only. That a user's token is refused here is an
// assumption: nobody recorded it.
func (a *API) verifyAccountToken(w http.ResponseWriter, r *http.Request) {
	account := r.PathValue("account")
	a.verify(r, func(candidate *grant) bool { return candidate.AccountOwned && candidate.account == account }).write(w)
}

func (a *API) verify(r *http.Request, accept func(*grant) bool) reply {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	token, problem := bearer(r)
	if problem != nil {
		return *problem
	}
	for _, candidate := range a.tokens {
		if candidate.Value != token || !accept(candidate) {
			continue
		}
		answer := ok(resource{"id": candidate.id, "status": candidate.Status})
		if candidate.Status == "active" {
			answer.messages = []message{{Code: 10000, Message: "This API Token is valid and active"}}
		}
		return answer
	}
	return fail(http.StatusUnauthorized, 1000, "Invalid API Token")
}

// AddToken lets a token into the account.
func (a *API) AddToken(accountID string, token Token) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.tokens = append(a.tokens, newGrant(accountID, token))
}

// RevokeToken makes the token unknown, in every account.
func (a *API) RevokeToken(value string) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.tokens = slices.DeleteFunc(a.tokens, func(candidate *grant) bool { return candidate.Value == value })
}
