package faults

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// ledger counts what a sandbox made and deleted, answered or not, so that a request which was not safe to repeat shows even
// when its twin was tidied away afterwards.
type ledger struct {
	mutex sync.Mutex
	there map[string]int
	twins []string
}

// made are the requests that make a thing each time they are carried out.
var made = map[string]string{
	"/api/v1/apps":                "Okta app",
	"…/access/identity_providers": "identity provider",
	"…/access/policies":           "Access policy",
}

// observe sees every request that the provider carried out.
func (l *ledger) observe(provider string) kit.Option {
	return kit.WithObserver(func(request *http.Request, status int, _ http.Header, _ []byte) {
		if status/100 == 2 {
			l.note(callOf(provider, kit.Request{Method: request.Method, Path: request.URL.Path}))
		}
	})
}

func (l *ledger) note(done call) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	one, item := strings.CutSuffix(done.path, "/{id}")
	switch {
	case done.method == "POST" && made[done.path] != "":
		l.there[done.path]++
		if l.there[done.path] > 1 {
			l.twins = append(l.twins, fmt.Sprintf("a second %s was made by %s", made[done.path], done))
		}
	case done.method == "DELETE" && item && made[one] != "":
		l.there[one]--
	}
}

// clear forgets everything: the sandbox is as it was seeded.
func (l *ledger) clear() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.there, l.twins = map[string]int{}, nil
}

// found are the twins that were made.
func (l *ledger) found() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return append([]string{}, l.twins...)
}
