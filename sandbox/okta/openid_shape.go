package okta

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/crypto"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// tokensAsOkta gives the library's tokens the claims that those of an org's own authorization server have. The library writes a list
// of audiences, and more than Okta does.
func (o *Org) tokensAsOkta(body []byte) ([]byte, error) {
	answer, err := decodeClaims(body)
	if err != nil {
		return nil, err
	}
	signing, err := o.keys.signing()
	if err != nil {
		return nil, err
	}
	signer, err := op.SignerFromKey(signing)
	if err != nil {
		return nil, err
	}
	scopes := strings.Fields(text(answer, "scope"))
	access, err := rewrite(text(answer, "access_token"), signer, func(claims object) {
		claims["aud"], claims["scp"] = o.URL(), scopes
		delete(claims, "client_id")
	})
	if err != nil {
		return nil, err
	}
	hash, err := oidc.ClaimHash(access, signing.SignatureAlgorithm())
	if err != nil {
		return nil, err
	}
	id, err := rewrite(text(answer, "id_token"), signer, func(claims object) {
		claims["aud"], claims["at_hash"] = claims["client_id"], hash
		for _, foreign := range []string{"azp", "client_id", "c_hash"} {
			delete(claims, foreign)
		}
	})
	if err != nil {
		return nil, err
	}
	answer["access_token"], answer["id_token"], answer["expires_in"] = access, id, int(tokenLifetime.Seconds())
	if !slices.Contains(scopes, oidc.ScopeOpenID) { // a refresh may ask for less than was granted
		delete(answer, "id_token")
	}
	return json.Marshal(answer)
}

// rewrite signs a token anew, with other claims.
func rewrite(token string, signer jose.Signer, edit func(claims object)) (string, error) {
	signed, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return "", err
	}
	claims, err := decodeClaims(signed.UnsafePayloadWithoutVerification()) // the library signed it just now
	if err != nil {
		return "", err
	}
	edit(claims)
	return crypto.Sign(claims, signer)
}

// decodeClaims reads a JSON object, and leaves its numbers as they are.
func decodeClaims(text []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	claims := object{}
	return claims, decoder.Decode(&claims)
}

// reshape has a client find Okta's tokens in the library's answer.
func (o *Org) reshape(b *bufferedWriter) error {
	shaped, err := o.tokensAsOkta(b.body.Bytes())
	if err != nil {
		return err
	}
	b.body.Reset()
	b.body.Write(shaped)
	b.header.Del("Content-Length")
	return nil
}
