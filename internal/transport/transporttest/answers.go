// Package transporttest stands in for providers that answer with anything at all, and holds the clients of both to what they must do then.
package transporttest

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"
)

// mostAnswers is how many requests get an answer: a client that follows any link must end all the same.
const mostAnswers = 20

// Answers is a provider that gives every request the same answer, but ends: after some requests it has nothing more to say.
type Answers struct {
	T      *testing.T
	Status int
	Header http.Header
	Body   string
	// Host is the only host that may be asked, Paths what may be asked for there.
	Host  string
	Paths *regexp.Regexp

	asked atomic.Int64
}

// RoundTrip answers, and fails the test where an answer got into a path or sent a request elsewhere, with its token.
func (a *Answers) RoundTrip(request *http.Request) (*http.Response, error) {
	if a.asked.Add(1) > mostAnswers {
		return nil, errors.New("no more answers")
	}
	if request.URL.Host != a.Host || request.URL.Scheme != "https" || !a.Paths.MatchString(request.URL.Path) {
		a.T.Errorf("%s was asked for, with Authorization %q", request.URL, request.Header.Get("Authorization"))
	}
	return &http.Response{StatusCode: a.Status, Header: a.Header.Clone(), Body: io.NopCloser(strings.NewReader(a.Body)), Request: request, ProtoMajor: 1}, nil
}

// Status makes any number one that an answer may have.
func Status(any int) int {
	if any < 200 || any > 599 {
		return 200 + (any&0x7fffffff)%400
	}
	return any
}

// Showable fails the test when an error holds what a terminal acts on, or is endless, or tells the token.
func Showable(t *testing.T, call string, err error, token string) {
	t.Helper()
	if err == nil {
		return
	}
	text := err.Error()
	if strings.ContainsFunc(text, unicode.IsControl) || len(text) > 10_000 || strings.Contains(text, token) {
		t.Errorf("%s failed with %T: %q", call, err, text)
	}
}
