package transport

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
)

// misdirected is the failure of an answer that leads to another server, or nil. Who followed it would send the API token there. It is not
// for repeating: a provider leads nobody away from its own API, so the answer is of something that stands between, or of a wrong URL.
func (t *roundTripper) misdirected(request *http.Request, response *http.Response) *Error {
	way, target := t.away(request, response)
	if target == nil {
		return nil
	}
	failure := t.failure(request, Misdirected)
	failure.Status, failure.RequestID = response.StatusCode, t.requestID(request, response)
	failure.Host = shownHost(request, target)
	to := "another host, whose name can't be shown"
	if failure.Host != "" {
		to = target.Scheme + "://" + failure.Host
	}
	failure.Summary = fmt.Sprintf("the answer %s to %s instead of %s://%s; it is not followed, since the API token would be sent there",
		way, to, request.URL.Scheme, request.URL.Host)
	return failure
}

// away is how an answer leads to another server, and where; nil where it doesn't. Where a page is due, a redirect is the answer that was
// asked for, and nobody follows it.
func (t *roundTripper) away(request *http.Request, response *http.Response) (way string, target *url.URL) {
	location := response.Header.Get("Location")
	if at, err := request.URL.Parse(location); location != "" && err == nil && response.StatusCode >= 300 &&
		t.dialect.JSON(request) && !within(request.URL, at) {
		return "redirects", at
	}
	targets, _ := nextLinks(response.Header)
	for _, each := range targets {
		at, err := url.Parse(each)
		if err != nil || within(request.URL, at) {
			continue
		}
		if at.Host != "" {
			at = request.URL.ResolveReference(at)
		}
		return "has a Link header that leads", at
	}
	return "", nil
}

// hostForm is what names of hosts look like. Nothing else is repeated of where an answer leads.
var hostForm = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z.-]{0,251}[0-9A-Za-z])?(:[0-9]{1,5})?$`)

// shownHost is the host of a target, or "" where it has no host's form or may hold a secret. The SDK would take a relative target for the
// end of its own host's name.
func shownHost(request *http.Request, target *url.URL) string {
	host := target.Host
	known := target.Scheme == "http" || target.Scheme == "https"
	if !known || !hostForm.MatchString(host) || scrub(request, host) != host {
		return ""
	}
	return host
}
