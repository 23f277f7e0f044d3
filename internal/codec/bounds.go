package codec

import (
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

// The bounds of what a codec server is asked for.
const (
	// mostBody bounds a request, in bytes: Temporal itself hands out no more than 4 MiB of payloads at once.
	mostBody = 16 << 20
	// mostPayloads bounds the payloads of a request.
	mostPayloads = 10_000
	// mostAtOnce bounds the requests that are answered at the same time; others wait for their turn.
	mostAtOnce = 8
)

// bounded is a codec for requests of others.
type bounded struct{ converter.PayloadCodec }

// Encode encrypts payloads, unless they are too many.
func (b bounded) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	if err := tooMany(payloads); err != nil {
		return nil, err
	}
	return b.PayloadCodec.Encode(payloads)
}

// Decode decrypts payloads, unless they are too many.
func (b bounded) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	if err := tooMany(payloads); err != nil {
		return nil, err
	}
	return b.PayloadCodec.Decode(payloads)
}

func tooMany(payloads []*commonpb.Payload) error {
	if len(payloads) <= mostPayloads {
		return nil
	}
	return fmt.Errorf("the request has %d payloads; ask for at most %d at once", len(payloads), mostPayloads)
}
