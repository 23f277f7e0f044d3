package cloudflare

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// mostGroupsInToken is from how many groups on Access doesn't take those of a token for all that there are.
const mostGroupsInToken = 100

// errNoGroups is what Access shows where it can't find out about a person.
var errNoGroups = errors.New("failed to fetch user/group information from the identity provider")

// lookUpGroups asks Okta for a person's groups, where the token tells of none or of as many as it can, and the identity provider holds an
// API token of Okta for that.
func lookUpGroups(ctx context.Context, settings resource, claims map[string]any) error {
	token := text(settings, "api_token")
	if told := len(list(claims, "groups")); token == "" || told > 0 && told < mostGroupsInToken {
		return nil
	}
	address := strings.TrimSuffix(text(settings, "okta_account"), "/") + "/api/v1/users/" + url.PathEscape(text(claims, "sub")) + "/groups"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return errNoGroups
	}
	request.Header.Set("Authorization", "SSWS "+token)
	client, _ := ctx.Value(oauth2.HTTPClient).(*http.Client)
	answer, err := client.Do(request)
	if err != nil {
		return errNoGroups
	}
	defer func() { _ = answer.Body.Close() }()
	var groups []struct{ Profile struct{ Name string } }
	if answer.StatusCode != http.StatusOK || json.NewDecoder(answer.Body).Decode(&groups) != nil {
		return errNoGroups
	}
	names := make([]any, len(groups))
	for i, group := range groups {
		names[i] = group.Profile.Name
	}
	claims["groups"] = names
	return nil
}
