package transport

import (
	"net/http"
	"regexp"
	"unicode"
)

// unsaid is in place of a provider's words that can hold a secret.
const unsaid = "; the rest of the answer is not shown, because it can hold a secret"

// explain puts into a failure what a provider said of it: the fields that its dialect reads and nothing else of the answer.
func (t *roundTripper) explain(failure *Error, request *http.Request, response *http.Response, body []byte) {
	failure.Status = response.StatusCode
	failure.RequestID = t.requestID(request, response)
	code, summary := t.dialect.Explain(body)
	if scrub(request, code) == code {
		failure.Code = printable(code)
	}
	failure.Summary = printable(scrub(request, summary))
	if t.secrecy(request) == Wholly {
		failure.Summary = http.StatusText(response.StatusCode) + unsaid
	}
	if failure.Summary == "" {
		failure.Summary = http.StatusText(response.StatusCode)
	}
}

// secrecy is what answers to the request can show.
func (t *roundTripper) secrecy(request *http.Request) Secrecy {
	if t.dialect.Secrecy == nil {
		return Open
	}
	return t.dialect.Secrecy(request)
}

// requestIDForm is what ids of requests look like. Anything else in their header is not repeated.
var requestIDForm = regexp.MustCompile(`^[0-9A-Za-z_.:-]{1,64}$`)

// requestID is the provider's id of a request, or "".
func (t *roundTripper) requestID(request *http.Request, response *http.Response) string {
	id := response.Header.Get(t.dialect.RequestID)
	if !requestIDForm.MatchString(id) || scrub(request, id) != id {
		return ""
	}
	return id
}

// Words makes a provider's words that come elsewhere than in a failed answer, such as in a redirect, fit to show: without the secrets of
// the request that they answer, and what looks like one.
func Words(request *http.Request, words string) string { return printable(scrub(request, words)) }

// maxWords bounds what is quoted of a provider's answer, in characters.
const maxWords = 400

// printable makes a provider's words safe for a log line and a terminal: no control or invisible characters, not endless.
func printable(text string) string {
	clean := make([]rune, 0, min(len(text), maxWords))
	for _, r := range text {
		if len(clean) == maxWords {
			return string(clean) + "…"
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		clean = append(clean, r)
	}
	return string(clean)
}
