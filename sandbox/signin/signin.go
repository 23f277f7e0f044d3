// Package signin signs a person in through Access and Okta without a browser: it follows the pages as a
// browser without JavaScript would.
package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Person is who signs in.
type Person struct {
	Login    string
	Password string
}

// Outcome is what the page at the end says.
type Outcome struct {
	// Allowed is Access's decision; where a connection is only tested, whether it works.
	Allowed bool
	// Reason says why.
	Reason string
	// Email is whom Access took the person for; empty when it never learnt.
	Email string
	// URL is that of the page, without its query.
	URL string
}

// maxPages is more than any sign-in has.
const maxPages = 10

// Through opens the page, chooses the named identity provider where there is a choice, fills in the sign-in
// form where there is one, and tells how it ended. It begins and ends without cookies.
func Through(ctx context.Context, client *http.Client, address, provider string, person Person) (Outcome, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return Outcome{}, err
	}
	return WithCookies(ctx, client, jar, address, provider, person)
}

// WithCookies is Through in a browser with these cookies, which stay in it: who is signed in at Okta already
// isn't asked again.
func WithCookies(ctx context.Context, client *http.Client, jar http.CookieJar, address, provider string, person Person) (Outcome, error) {
	private := *client
	private.Jar = jar
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Outcome{}, err
	}
	submitted := false
	for range maxPages {
		page, err := open(&private, request)
		if err != nil {
			return Outcome{}, err
		}
		if outcome, ended := page.outcome(); ended {
			return outcome, nil
		}
		if form := page.find(isSignInForm); form != nil {
			if submitted {
				return Outcome{}, fmt.Errorf("the sign-in page at %s came again: %s", page.where(), page.words())
			}
			submitted = true
			request, err = page.fill(ctx, form, person)
		} else {
			request, err = page.choose(ctx, provider)
		}
		if err != nil {
			return Outcome{}, err
		}
	}
	return Outcome{}, errors.New("the sign-in doesn't end")
}

// page is an HTML page, and where it came from.
type page struct {
	root   *html.Node
	url    *url.URL
	status int
}

func open(client *http.Client, request *http.Request) (*page, error) {
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	root, err := html.Parse(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read the page at %s: %w", request.URL.Path, err)
	}
	return &page{root, response.Request.URL, response.StatusCode}, nil
}

// where is the page's address, without the codes that its query may have.
func (p *page) where() string { return p.url.Scheme + "://" + p.url.Host + p.url.Path }

// outcome reads the marks that Access's last page has.
func (p *page) outcome() (Outcome, bool) {
	mark := p.find(func(node *html.Node) bool {
		return node.Data == "main" && (has(node, "data-decision") || has(node, "data-test") || has(node, "data-problem"))
	})
	if mark == nil {
		return Outcome{}, false
	}
	outcome := Outcome{
		Allowed: attribute(mark, "data-decision") == "allowed" || attribute(mark, "data-test") == "works",
		Reason:  attribute(mark, "data-reason"), Email: attribute(mark, "data-email"), URL: p.where(),
	}
	if outcome.Reason == "" {
		outcome.Reason = strings.Join(strings.Fields(words(mark)), " ")
	}
	return outcome, true
}

// choose follows the link with the name of the identity provider.
func (p *page) choose(ctx context.Context, provider string) (*http.Request, error) {
	link := p.find(func(node *html.Node) bool {
		return node.Data == "a" && node.FirstChild != nil && strings.TrimSpace(node.FirstChild.Data) == provider
	})
	if link == nil {
		return nil, fmt.Errorf("the page at %s (%d) has neither a sign-in form nor %q: %s", p.where(), p.status, provider, p.words())
	}
	target, err := p.url.Parse(attribute(link, "href"))
	if err != nil {
		return nil, err
	}
	return http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
}

// fill fills in the form: what is hidden stays, the password and the one field for text are the person's.
func (p *page) fill(ctx context.Context, form *html.Node, person Person) (*http.Request, error) {
	values := url.Values{}
	each(form, func(node *html.Node) {
		if node.Data != "input" || attribute(node, "name") == "" {
			return
		}
		switch attribute(node, "type") {
		case "password":
			values.Set(attribute(node, "name"), person.Password)
		case "hidden":
			values.Set(attribute(node, "name"), attribute(node, "value"))
		case "text", "email", "":
			values.Set(attribute(node, "name"), person.Login)
		}
	})
	target, err := p.url.Parse(attribute(form, "action"))
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request, nil
}

func isSignInForm(node *html.Node) bool {
	if node.Data != "form" {
		return false
	}
	found := false
	each(node, func(inner *html.Node) {
		found = found || inner.Data == "input" && attribute(inner, "type") == "password"
	})
	return found
}

func (p *page) find(wanted func(*html.Node) bool) *html.Node {
	var found *html.Node
	each(p.root, func(node *html.Node) {
		if found == nil && wanted(node) {
			found = node
		}
	})
	return found
}

func (p *page) words() string { return strings.Join(strings.Fields(words(p.root)), " ") }

func words(root *html.Node) string {
	var text strings.Builder
	for node := range root.Descendants() {
		if node.Type == html.TextNode && node.Parent.Data != "style" && node.Parent.Data != "script" {
			text.WriteString(node.Data + " ")
		}
	}
	return text.String()
}

func each(root *html.Node, do func(*html.Node)) {
	for node := range root.Descendants() {
		if node.Type == html.ElementNode {
			do(node)
		}
	}
}

func has(node *html.Node, name string) bool {
	for _, found := range node.Attr {
		if found.Key == name {
			return true
		}
	}
	return false
}

func attribute(node *html.Node, name string) string {
	for _, found := range node.Attr {
		if found.Key == name {
			return found.Val
		}
	}
	return ""
}
