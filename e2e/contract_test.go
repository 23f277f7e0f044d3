package e2e

import (
	"encoding/json"
	"reflect"
	"sync"

	"github.com/accessbridge/accessbridge/internal/contract"
)

// schemas are those of the contract with callers.
var schemas = sync.OnceValues(func() (contract.Schemas, error) { return contract.Load("../docs/contract.schema.json") })

// message reads a message of a run, and fails the test when it is not as the contract says.
func message[T any](b *bench, get func(any) error) (read T, err error) {
	b.t.Helper()
	var words json.RawMessage
	if err := get(&words); err != nil {
		return read, err
	}
	known, err := schemas()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := known.Check(reflect.TypeFor[T]().Name(), words); err != nil {
		b.t.Error(err)
	}
	return read, json.Unmarshal(words, &read)
}
