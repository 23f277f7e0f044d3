package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// Strict finds the keys of a document in JSON that a Go decoder would pass over: those that no section knows, whatever the case of
// their letters, and those that are there twice. An error is about the JSON itself. It does nothing that a workflow must not do.
func Strict(data []byte) ([]connection.Fault, error) { return StrictOf[connection.Spec](data) }

// StrictOf is Strict for JSON that is to be read into another type.
func StrictOf[T any](data []byte) ([]connection.Fault, error) {
	s := strict{reader: newReader(), decoder: json.NewDecoder(bytes.NewReader(data))}
	err := s.value(reflect.TypeFor[T](), "")
	return s.faults, err
}

// strict goes through a document's words, beside the type that they are read into.
type strict struct {
	*reader
	decoder *json.Decoder
}

// value goes past one value. A nil type is that of what no section knows.
func (s *strict) value(target reflect.Type, path string) error {
	word, err := s.decoder.Token()
	if err != nil {
		return err
	}
	for target != nil && target.Kind() == reflect.Pointer {
		target = target.Elem()
	}
	switch word {
	case json.Delim('{'):
		return s.object(target, path)
	case json.Delim('['):
		return s.array(target, path)
	default:
		return nil
	}
}

// object goes past an object's keys. A value that must be something else is the decoder's to refuse.
func (s *strict) object(target reflect.Type, path string) error {
	if target != nil && target.Kind() != reflect.Struct {
		target = nil
	}
	seen := map[string]bool{}
	for s.decoder.More() {
		word, err := s.decoder.Token()
		if err != nil {
			return err
		}
		key, _ := word.(string)
		if err := s.value(s.field(target, path, key, seen), join(path, key)); err != nil {
			return err
		}
		seen[key] = true
	}
	_, err := s.decoder.Token()
	return err
}

// field is the type of the field that the key stands for, nil where there is none.
func (s *strict) field(section reflect.Type, path, key string, seen map[string]bool) reflect.Type {
	if section == nil {
		return nil
	}
	at := slices.Index(fieldNames(section), key)
	switch {
	case at < 0:
		s.unknown(path, key, place{}, section, seen)
		return nil
	case seen[key]:
		s.secondTime(join(path, key), place{})
	}
	return section.Field(at).Type
}

func (s *strict) array(target reflect.Type, path string) error {
	var entry reflect.Type
	if target != nil && target.Kind() == reflect.Slice {
		entry = target.Elem()
	}
	for i := 0; s.decoder.More(); i++ {
		if err := s.value(entry, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	_, err := s.decoder.Token()
	return err
}
