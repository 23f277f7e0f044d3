package codec

import (
	"errors"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

// PlainError means that a payload isn't encrypted, and that this process takes encrypted ones alone.
type PlainError struct{}

// Error names the setting.
func (*PlainError) Error() string { return "it isn't encrypted, and encryption.required is true" }

// Plain reports whether an error is about a payload that isn't encrypted where it must be.
func Plain(err error) bool {
	var plain *PlainError
	return errors.As(err, &plain)
}

// requiring is a codec that refuses what isn't encrypted.
type requiring struct{ *Codec }

var _ converter.PayloadCodec = requiring{}

// Decode decrypts payloads, each of which must be encrypted.
func (r requiring) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	for _, payload := range payloads {
		if string(payload.GetMetadata()[converter.MetadataEncoding]) != Encoding {
			return nil, &PlainError{}
		}
	}
	return r.Codec.Decode(payloads)
}
