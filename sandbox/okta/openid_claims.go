package okta

import (
	"context"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// scopeGroups is Okta's scope for the groups claim.
const scopeGroups = "groups"

// mostInToken is how many groups a claim can tell of. Of more it tells of none: Okta's pages say so of some claims, and that a sign-in fails
// of others.
const mostInToken = 100

// SetUserinfoFromScopes is what SetUserinfoFromRequest replaced.
func (s storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest fills an ID token.
func (s storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, request op.IDTokenRequest, scopes []string) error {
	_, err := locked(s, func(*openIDState) (any, error) {
		person := s.org.findUser(request.GetSubject())
		if person == nil {
			return nil, errNoSuchToken
		}
		s.describe(info, person, request.GetClientID(), scopes)
		s.federate(info, person, request.GetClientID())
		info.AppendClaims("ver", 1)
		info.AppendClaims("jti", idTokenPrefix+randomText(43))
		info.AppendClaims("idp", s.org.orgID())
		return nil, nil
	})
	return err
}

// SetUserinfoFromToken fills an answer of the userinfo endpoint.
func (s storage) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, tokenID, _, _ string) error {
	_, err := locked(s, func(state *openIDState) (any, error) {
		token, person, err := s.token(state, tokenID)
		if err != nil {
			return nil, err
		}
		s.describe(info, person, token.clientID, token.scopes)
		return nil, nil
	})
	return err
}

// describe says about a person what the scopes ask for. The groups are those that the app's claim lets through.
func (s storage) describe(info *oidc.UserInfo, person *user, clientID string, scopes []string) {
	info.Subject = person.id
	if slices.Contains(scopes, oidc.ScopeProfile) {
		info.Name, info.GivenName, info.FamilyName = person.name(), person.seed.FirstName, person.seed.LastName
		info.PreferredUsername = person.seed.Login
	}
	if slices.Contains(scopes, oidc.ScopeEmail) {
		info.Email, info.EmailVerified = person.seed.Email, true
	}
	a := s.org.findClient(clientID)
	if a == nil || a.claim == nil || a.claim.name == "" || !slices.Contains(scopes, scopeGroups) {
		return
	}
	// Okta leaves the claim out where it tells of no group, or of too many. One that can't be evaluated never comes here: see finishLogin.
	if groups, err := a.claim.groups(person.groups, profileOf(a)); err == nil && len(groups) > 0 && len(groups) <= mostInToken {
		info.AppendClaims(a.claim.name, groups)
	}
}

// federate adds the app's federated claims. What Okta does where the groups claim has the same name isn't known; here that stays.
func (s storage) federate(info *oidc.UserInfo, person *user, clientID string) {
	a := s.org.findClient(clientID)
	if a == nil {
		return
	}
	for _, f := range a.federated {
		if told := f.evaluate(person.groups); len(told) > 0 && info.Claims[f.name] == nil {
			info.AppendClaims(f.name, told)
		}
	}
}

// GetPrivateClaimsFromScopes fills an access token.
func (s storage) GetPrivateClaimsFromScopes(_ context.Context, userID, clientID string, scopes []string) (map[string]any, error) {
	return map[string]any{"ver": 1, "cid": clientID, "uid": userID, "scp": scopes}, nil
}

// SetIntrospectionFromToken says what there is to say about an access token that is still good.
func (s storage) SetIntrospectionFromToken(_ context.Context, info *oidc.IntrospectionResponse, tokenID, _, clientID string) error {
	_, err := locked(s, func(state *openIDState) (any, error) {
		token, person, err := s.token(state, tokenID)
		if err != nil {
			return nil, err
		}
		if token.clientID != clientID {
			return nil, errNoSuchToken
		}
		info.Scope, info.ClientID, info.TokenType = token.scopes, token.clientID, oidc.BearerToken
		info.Subject, info.Username, info.JWTID, info.Issuer = person.seed.Login, person.seed.Login, tokenID, s.org.url
		info.IssuedAt, info.Expiration = oidc.FromTime(token.issued), oidc.FromTime(token.expires)
		info.Claims = map[string]any{"uid": person.id}
		return nil, nil
	})
	return err
}
