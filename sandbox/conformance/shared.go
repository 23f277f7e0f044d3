package conformance

import (
	"fmt"
	"net/http"
	"sync"
)

// Shared is one validator for all tests of a process, or the reason why there is none.
var Shared = sync.OnceValues(func() (*V, error) {
	reference, err := ReferenceDir()
	if err != nil {
		return nil, err
	}
	return Validator(reference)
})

// Observer is Observe of the shared validator, for kit.WithObserver; where there is none, it does nothing.
func Observer() func(*http.Request, int, http.Header, []byte) {
	v, err := Shared()
	if err != nil {
		return func(*http.Request, int, http.Header, []byte) {}
	}
	return v.Observe
}

// Report ends the tests of a package: it prints what the shared validator found, or why there is none, and
// gives the exit code that the tests then have.
func Report(code int) int {
	v, err := Shared()
	if err != nil {
		fmt.Println("answers are not checked against the descriptions:", err)
		return code
	}
	for _, violation := range v.Violations() {
		fmt.Println("differs from the description:", violation)
		code = max(code, 1)
	}
	return code
}
