// Package secret holds values that must not be shown: API tokens, client secrets.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what a Secret prints as.
const Redacted = "[redacted]"

// Secret is a value that prints as Redacted by every road: fmt with any verb, encoding/json, YAML, XML and other text
// encodings, log/slog. Only Reveal shows it. The zero Secret holds nothing.
//
// It holds its value in a closure, because a printer that goes through reflection (fmt does for unexported fields)
// calls no methods, and would follow a string or a pointer to one.
type Secret struct{ reveal func() string }

// New makes a Secret of a value.
func New(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return value }}
}

// Reveal is the value itself: for the request that needs it, and for nothing else.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero tells whether the Secret holds nothing.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal tells whether two Secrets hold the same value, in a time that doesn't tell how much of it is the same.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// Fingerprint tells one token from another without showing it: a part of its hash, from which a token as long as providers make them can't
// be found. That of a zero Secret is "".
func (s Secret) Fingerprint() string {
	if s.IsZero() {
		return ""
	}
	sum := sha256.Sum256([]byte("accessbridge fingerprint\n" + s.Reveal()))
	return hex.EncodeToString(sum[:6])
}

// Format writes Redacted for every verb, %#v and %x included.
func (Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, Redacted) }

// String is Redacted.
func (Secret) String() string { return Redacted }

// GoString is Redacted.
func (Secret) GoString() string { return Redacted }

// LogValue is Redacted.
func (Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalText writes Redacted. There is no way back: a Secret is never read from a document.
func (Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalJSON writes Redacted.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalYAML writes Redacted.
func (Secret) MarshalYAML() (any, error) { return Redacted, nil }
