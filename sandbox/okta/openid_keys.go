package okta

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// signingKeys is the key that the org signs tokens with. It is made when it is first needed, because most
// tests never need it.
type signingKeys struct {
	id  string
	key func() (*rsa.PrivateKey, error)
}

func newSigningKeys(id string) *signingKeys {
	return &signingKeys{id: id, key: sync.OnceValues(func() (*rsa.PrivateKey, error) {
		return rsa.GenerateKey(rand.Reader, 2048)
	})}
}

// privateKey and publicKey are the two halves, as the OpenID library wants them.
type (
	privateKey struct {
		id  string
		key *rsa.PrivateKey
	}
	publicKey struct{ privateKey }
)

func (k privateKey) ID() string                                  { return k.id }
func (k privateKey) Key() any                                    { return k.key }
func (k privateKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }

func (k publicKey) Key() any                           { return &k.key.PublicKey }
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }

func (k *signingKeys) signing() (op.SigningKey, error) {
	key, err := k.key()
	if err != nil {
		return nil, err
	}
	return privateKey{id: k.id, key: key}, nil
}

func (k *signingKeys) published() ([]op.Key, error) {
	key, err := k.key()
	if err != nil {
		return nil, err
	}
	return []op.Key{publicKey{privateKey{id: k.id, key: key}}}, nil
}
