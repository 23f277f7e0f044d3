// Package codec encrypts what runs leave in Temporal: documents, results, failures, memos. Temporal, its database and its
// exports hold no more than an unreadable text and the ID of the key that reads it.
package codec

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"sync"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
)

// Encoding is the encoding of an encrypted payload, and MetadataKeyID the metadata that names its key.
const (
	Encoding      = "binary/encrypted"
	MetadataKeyID = "encryption-key-id"
)

// UnknownKeyError tells that a payload is encrypted with a key that this process doesn't have.
type UnknownKeyError struct{ KeyID string }

// Error names the key and says where it belongs.
func (e *UnknownKeyError) Error() string {
	return fmt.Sprintf("it is encrypted with key %q, which isn't configured here: add the key to the worker's encryption.key_files, "+
		"or give it to the starter by --encryption-key-file or ACCESSBRIDGE_ENCRYPTION_KEY_FILES", e.KeyID)
}

// DamagedError tells that a payload isn't what was encrypted, or was encrypted with another key of the same ID.
type DamagedError struct{ KeyID string }

// Error says what may have happened.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("it can't be decrypted with key %q: it was changed after it was encrypted, or another key of that ID encrypted it; "+
		"compare the key with that of the process that wrote it", e.KeyID)
}

// Unreadable reports whether an error is about a payload that can't be decrypted here, or that isn't encrypted where it must be.
func Unreadable(err error) bool {
	var unknown *UnknownKeyError
	var damaged *DamagedError
	return errors.As(err, &unknown) || errors.As(err, &damaged) || Plain(err)
}

// Codec encrypts payloads with the first of its keys and decrypts with all. One without keys encrypts nothing, and says
// which key it lacks when it meets an encrypted payload.
type Codec struct {
	files *files // nil where the keys aren't read again

	mutex sync.RWMutex
	first string
	keys  map[string]cipher.AEAD
}

var _ converter.PayloadCodec = (*Codec)(nil)

// New makes a codec. The keys are as Parse and ReadFile make them.
func New(keys []Key) (*Codec, error) {
	codec := &Codec{keys: make(map[string]cipher.AEAD, len(keys))}
	for _, key := range keys {
		if _, twice := codec.keys[key.ID]; twice {
			return nil, fmt.Errorf("there are two encryption keys with the ID %q; an ID names one key for ever: give the newer key another", key.ID)
		}
		block, err := aes.NewCipher([]byte(key.Value.Reveal()))
		if err != nil {
			return nil, fmt.Errorf("use encryption key %q: %w", key.ID, err)
		}
		// The nonce is drawn by the cipher itself, so that no caller can use one twice.
		if codec.keys[key.ID], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, fmt.Errorf("use encryption key %q: %w", key.ID, err)
		}
	}
	if len(keys) > 0 {
		codec.first = keys[0].ID
	}
	return codec, nil
}

// Encode encrypts payloads, their metadata included.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	id, key := c.encrypting()
	if id == "" {
		return payloads, nil
	}
	encrypted := make([]*commonpb.Payload, len(payloads))
	for index, payload := range payloads {
		plain, err := proto.Marshal(payload)
		if err != nil {
			return nil, fmt.Errorf("encrypt a payload: %w", err)
		}
		encrypted[index] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(Encoding), MetadataKeyID: []byte(id)},
			Data:     key.Seal(nil, nil, plain, bound(id)),
		}
	}
	return encrypted, nil
}

// Decode decrypts payloads. What is not encrypted stays as it is, so that encryption can be switched on while runs are open.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	decrypted := make([]*commonpb.Payload, len(payloads))
	for index, payload := range payloads {
		decrypted[index] = payload
		if string(payload.GetMetadata()[converter.MetadataEncoding]) != Encoding {
			continue
		}
		var err error
		if decrypted[index], err = c.decrypt(payload); err != nil {
			return nil, err
		}
	}
	return decrypted, nil
}

// decrypt decrypts one payload.
func (c *Codec) decrypt(payload *commonpb.Payload) (*commonpb.Payload, error) {
	id := string(payload.GetMetadata()[MetadataKeyID])
	key, known := c.key(id)
	if !known {
		return nil, &UnknownKeyError{KeyID: id}
	}
	plain, err := key.Open(nil, nil, payload.GetData(), bound(id))
	if err != nil {
		return nil, &DamagedError{KeyID: id}
	}
	decrypted := &commonpb.Payload{}
	if err := proto.Unmarshal(plain, decrypted); err != nil {
		return nil, &DamagedError{KeyID: id}
	}
	return decrypted, nil
}

// bound is what is sealed together with a payload without being part of it: how and with which key it was encrypted.
func bound(keyID string) []byte { return []byte(Encoding + "\n" + keyID) }
