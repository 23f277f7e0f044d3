package faults

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/e2e/rig"
	sandboxcloudflare "github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// hand is something that someone changes while a run is under way. do returns how it is taken back, or nil where there was nothing to
// do it to.
type hand struct {
	do func(l *lane, found own) (undo func())
	// adds means that it makes something of someone's own; otherwise it changes something of the connection's.
	adds bool
	// reads is how the paths end by which the connection test reads what it changes.
	reads []string
	// redeclares changes what a connection must be, in its canonical form, as long as the change stands; nil where it doesn't.
	redeclares func(declared string) string
}

// own are a connection's own things, as far as they are there.
type own struct {
	app, clientID, identityProvider, policy string
}

// meddled are changes that someone makes by hand just before a call.
var meddled = group{
	name: "Changed by hand just before the call",
	note: "Where that holds the run open, someone takes it back, and says resume. What is someone's own stays to the letter.",
	kinds: []kind{
		{name: "a policy with the declared name for everyone", fault: byHand, hand: &hand{do: theirPolicy, adds: true}, strikes: onSteady},
		{name: "an identity provider for our client", fault: byHand, hand: &hand{do: theirIdentityProvider, adds: true}, strikes: onSteady},
		{name: "an application allows our identity provider", fault: byHand, hand: &hand{do: theirApplication, adds: true}, strikes: onSteady},
		{name: "the claim narrowed", fault: byHand, hand: &hand{do: narrowClaim, reads: []string{"/idToken"}}, strikes: onSteady},
		{name: "an assignment removed", fault: byHand, hand: &hand{do: unassign, reads: []string{"/groups", "/groups/{id}"}}, strikes: onSteady},
		{name: "the policy loosened", fault: byHand, hand: &hand{do: loosen, reads: []string{"/access/policies", "/access/policies/{id}"}}, strikes: onSteady},
		{name: "the authorization domain renamed", fault: byHand, hand: &hand{do: renameDomain, reads: []string{"/access/identity_providers", "/access/identity_providers/{id}"}, redeclares: withDomain}, strikes: onSteady},
	},
}

var byHand = kit.Fault{Kind: kit.KindHand, Count: 1}

// meddling is what someone changed in a case.
type meddling struct {
	hand *hand
	// ours is the state just before, theirs just after.
	ours, theirs string
	undo         func()
	at           time.Time
}

// readSince reports whether what someone changed was read since: a run that had tested the connection by then can't know of it.
func (l *lane) readSince(m *meddling) bool {
	for provider, requests := range l.journals() {
		for _, request := range requests {
			read := callOf(provider, request)
			if read.method == "GET" && request.BegunAt.After(m.at) && slices.ContainsFunc(m.hand.reads, func(end string) bool { return strings.HasSuffix(read.path, end) }) {
				return true
			}
		}
	}
	return false
}

// clearUp takes back what someone changed, once.
func (m *meddling) clearUp() {
	if m.undo != nil {
		m.undo()
		m.undo = nil
	}
}

// act does what is done by hand when the kind's call comes in.
func (l *lane) act(k kind) {
	if k.freezes {
		l.freeze()
		return
	}
	ours, err := l.State()
	if err != nil {
		return
	}
	undo := k.hand.do(l, l.own(ours))
	if undo == nil {
		return
	}
	if theirs, err := l.State(); err == nil {
		l.meddling = &meddling{hand: k.hand, ours: ours, theirs: theirs, undo: undo, at: time.Now()}
	}
}

// own finds the connection's things in a state: those that it adopts too.
func (l *lane) own(state string) (found own) {
	var parsed struct {
		Okta struct {
			Apps []struct {
				ID          string
				Profile     struct{ Connection string }
				Credentials struct {
					OauthClient struct {
						ClientID string `json:"client_id"`
					}
				}
			}
		} `json:"okta acme"`
		Cloudflare struct {
			Accounts map[string]struct {
				IdentityProviders []struct {
					ID     string
					Config struct {
						ClientID string `json:"client_id"`
					}
				} `json:"identity_providers"`
				Policies []struct {
					ID, Name string
				}
			}
		}
	}
	_ = json.Unmarshal([]byte(state), &parsed)
	for _, app := range parsed.Okta.Apps {
		client := app.Credentials.OauthClient.ClientID
		if app.Profile.Connection == l.name || client == rig.ClientIDByHand {
			found.app, found.clientID = app.ID, client
		}
	}
	account := parsed.Cloudflare.Accounts[l.account()]
	for _, each := range account.IdentityProviders {
		if found.clientID != "" && each.Config.ClientID == found.clientID {
			found.identityProvider = each.ID
		}
	}
	for _, each := range account.Policies {
		if each.Name == "Okta staff" || each.Name == "Staff" {
			found.policy = each.ID
		}
	}
	return found
}

func theirPolicy(l *lane, found own) func() {
	if found.identityProvider == "" {
		return nil
	}
	id := l.Sandbox.API.API.AddPolicy(l.account(), map[string]any{
		"name": "Okta staff", "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}},
		"require": []any{map[string]any{"login_method": map[string]any{"id": found.identityProvider}}},
	})
	return func() { l.Sandbox.API.API.DeletePolicy(l.account(), id) }
}

func theirIdentityProvider(l *lane, found own) func() {
	if found.app == "" {
		return nil
	}
	id := l.Sandbox.API.API.AddIdentityProvider(l.account(), sandboxcloudflare.IdentityProvider{Name: "Theirs", Type: "okta", Config: map[string]any{
		"client_id": found.clientID, "client_secret": "their-own", "okta_account": "https://theirs.example",
	}})
	return func() { l.Sandbox.API.API.DeleteIdentityProvider(l.account(), id) }
}

func theirApplication(l *lane, found own) func() {
	if found.identityProvider == "" {
		return nil
	}
	id := l.Sandbox.API.API.AddApplication(l.account(), sandboxcloudflare.Application{
		Name: "Theirs", Domain: "theirs.acme.example", AllowedIdentityProviders: []string{found.identityProvider},
	})
	return func() {
		l.server(cloudflare).ByHand(kit.HandRequest{Method: "DELETE", Path: "/client/v4/accounts/" + l.account() + "/access/apps/" + id})
	}
}

func narrowClaim(l *lane, found own) func() {
	if found.app == "" || l.Sandbox.Orgs[org].Org.SetGroupsClaim(found.app, "EQUALS", "Nobody") != nil {
		return nil
	}
	return func() {}
}

func unassign(l *lane, found own) func() {
	simulated := l.Sandbox.Orgs[org].Org
	if found.app == "" || simulated.UnassignGroup(found.app, simulated.GroupID("Engineering")) != nil {
		return nil
	}
	return func() {}
}

func loosen(l *lane, found own) func() {
	if found.policy == "" {
		return nil
	}
	l.Sandbox.API.API.EditPolicy(l.account(), found.policy, func(stored map[string]any) {
		stored["include"], stored["require"] = []any{map[string]any{"everyone": map[string]any{}}}, []any{}
	})
	return func() {}
}

// renamed is the account's authorization domain since someone renamed it.
const renamed = "renamed.cloudflareaccess.example"

func renameDomain(l *lane, _ own) func() {
	domain := l.Sandbox.API.API.AuthDomain(l.account())
	l.Sandbox.API.API.SetAuthDomain(l.account(), renamed)
	return func() { l.Sandbox.API.API.SetAuthDomain(l.account(), domain) }
}

// withDomain is the declared connection of an account whose domain was renamed: its app must send people there.
func withDomain(declared string) string {
	declared = strings.Replace(declared, `"auth_domain": "ADDRESS"`, `"auth_domain": "`+renamed+`"`, 1) // of the accounts, acme is the first
	return strings.ReplaceAll(declared, "https://ADDRESS/cdn-cgi/", "https://"+renamed+"/cdn-cgi/")
}

// things are what a state holds, each thing to the letter, by the list that it is in and its id.
func things(state string) map[string]string {
	var parsed any
	found := map[string]string{}
	if json.Unmarshal([]byte(state), &parsed) == nil {
		gather("", parsed, found)
	}
	return found
}

func gather(in string, value any, found map[string]string) {
	switch value := value.(type) {
	case []any:
		for _, each := range value {
			gather(in, each, found)
		}
	case map[string]any:
		if id, ok := value["id"].(string); ok && len(value) > 2 {
			text, _ := json.Marshal(value)
			in += "/" + id
			found[in] = string(text)
		}
		for key, each := range value {
			gather(in+"/"+key, each, found)
		}
	}
}

// kept names what someone made that is not to the letter what it was.
func (m *meddling) kept(after string) (broken []string) {
	ours, theirs, now := things(m.ours), things(m.theirs), things(after)
	for id, text := range theirs {
		if _, before := ours[id]; !before && now[id] != text {
			broken = append(broken, fmt.Sprintf("what someone made is not what it was:\n- %s\n+ %s", text, now[id]))
		}
	}
	return broken
}

// named reports whether the run names one of those things as left.
func named(left []string, thing string) bool {
	return slices.ContainsFunc(left, func(each string) bool { return strings.Contains(each, thing) })
}
