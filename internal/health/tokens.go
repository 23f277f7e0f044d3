package health

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// retryWithin is how soon a credential that isn't known to work is tried again, unless all are tried more often anyway.
const retryWithin = 30 * time.Second

// notTried is what is said of a credential before its first try has ended.
const notTried = "not tried yet"

// tryWithin bounds one try.
const tryWithin = 30 * time.Second

// Credential is an API token that a worker holds.
type Credential struct {
	// Key is the key of the worker's configuration that holds the token, or names its file.
	Key string
	// Try sends one request with the token that changes nothing.
	Try func(context.Context) error
	// Advice is what to do about an error of Try; "" where nothing is known.
	Advice func(error) string
}

// Tokens tries the credentials now and then. Probes read what it found: however many there are, they cost no request to a provider.
type Tokens struct {
	every  time.Duration
	logger *slog.Logger
	mutex  sync.Mutex
	held   []*held
}

// held is a credential, and what is known of it.
type held struct {
	Credential
	state   state
	problem string
}

type state int

const (
	// untried credentials got no answer yet.
	untried state = iota
	working
	refused
)

// NewTokens watches the credentials, and tries each at this interval; 0 is never.
func NewTokens(every time.Duration, logger *slog.Logger, credentials ...Credential) *Tokens {
	tokens := &Tokens{every: every, logger: logger}
	if every <= 0 {
		return tokens
	}
	for _, each := range credentials {
		tokens.held = append(tokens.held, &held{Credential: each, problem: notTried})
	}
	return tokens
}

// Watch tries each credential at once and from then on, until the context ends.
func (t *Tokens) Watch(ctx context.Context) {
	var group sync.WaitGroup
	for _, credential := range t.held {
		group.Go(func() { t.watch(ctx, credential) })
	}
	group.Wait()
}

func (t *Tokens) watch(ctx context.Context, credential *held) {
	for {
		trying, cancel := context.WithTimeout(ctx, tryWithin)
		err := credential.Try(trying)
		cancel()
		if ctx.Err() != nil {
			return
		}
		next := t.every
		if t.note(credential, err) != working {
			next = min(next, retryWithin)
		}
		select {
		case <-time.After(next):
		case <-ctx.Done():
			return
		}
	}
}

// note keeps what a try showed, and logs what is new. A provider that doesn't answer says nothing about the token.
func (t *Tokens) note(credential *held, err error) state {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	before, said := credential.state, credential.problem
	switch {
	case err == nil:
		credential.state, credential.problem = working, ""
	case answered(err):
		credential.state, credential.problem = refused, err.Error()
		if advice := credential.Advice(err); advice != "" {
			credential.problem += "; " + advice
		}
	case before == untried:
		credential.problem = "not known to work yet: " + err.Error()
	}
	switch {
	case credential.state == working && before != working:
		t.logger.Info("credential works", "credential", credential.Key)
	case credential.state == refused && before != refused:
		t.logger.Error("credential doesn't work: "+credential.problem, "credential", credential.Key)
	case credential.state == untried && said == notTried:
		t.logger.Warn("credential can't be tried now: "+err.Error(), "credential", credential.Key)
	}
	return credential.state
}

// answered reports whether an error is the provider's answer about the token, and will be the same the next time.
func answered(err error) bool {
	if failure := transport.As(err); failure != nil {
		return !failure.Retryable()
	}
	return !transport.Ended(err)
}

// Report is a line for each credential, and whether all work.
func (t *Tokens) Report() (lines []string, well bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	well = true
	for _, credential := range t.held {
		said := "ok"
		if credential.state != working {
			said, well = credential.problem, false
		}
		lines = append(lines, fmt.Sprintf("%s: %s", credential.Key, said))
	}
	return lines, well
}

// Working are the credentials that are known to work or not to, by their keys.
func (t *Tokens) Working() map[string]bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	known := map[string]bool{}
	for _, credential := range t.held {
		if credential.state != untried {
			known[credential.Key] = credential.state == working
		}
	}
	return known
}
