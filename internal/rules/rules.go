// Package rules decides what a worker may do for which connection, by the rules of its configuration. It is pure: a document, or a
// step of a run, goes in as what it asks for, and the reasons to refuse it come out.
package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// Rule allows connections, and what they may have. What it doesn't say isn't allowed. Its lists hold patterns, in which * stands for any
// characters.
type Rule struct {
	// Connections, Orgs and Accounts are of names: those of connections, and those that the worker's credentials have.
	Connections, Orgs, Accounts []string
	// Applications are of hostnames, or ids, of the Access applications that may use the policy.
	Applications []string
	// Adopt lets a connection take over what it didn't make, and Disconnect be taken away.
	Adopt, Disconnect bool
	// Emails lets the policy name e-mail addresses and their domains, Everyone the whole org.
	Emails, Everyone bool
	// PreventDisconnect are of the connections that are never taken away, whatever else is allowed.
	PreventDisconnect []string
}

// Rules are those of a worker. None allow everything.
type Rules []Rule

// Key is the key of the worker's configuration that the rules are under.
const Key = "rules"

// Asked is what a document or a step asks for. What is left out isn't asked for.
type Asked struct {
	Connection, Org, Account string
	// Applications are to use the connection's policy.
	Applications                        []planner.ListedApplication
	Adopt, Disconnect, Emails, Everyone bool
	// Wide means that a policy which lets in the whole org or more is taken over: a rollback would put it back.
	Wide bool
}

// Refusals are the reasons not to do what is asked for; none where it is allowed. One rule must allow all of it. Where none does, the
// reasons are those of the rule that comes closest.
func (r Rules) Refusals(asked Asked) []connection.Problem {
	if len(r) == 0 {
		return nil
	}
	refused := make([]refusals, len(r))
	for i, rule := range r {
		if refused[i] = rule.refusals(place(i), asked); len(refused[i].problems) == 0 {
			return r.protecting(asked)
		}
	}
	closest := slices.MinFunc(refused, func(a, b refusals) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(len(a.problems), len(b.problems)))
	})
	return append(closest.problems, r.protecting(asked)...)
}

// protecting refuses to take away what any rule protects, whichever rule allows it.
func (r Rules) protecting(asked Asked) []connection.Problem {
	if !asked.Disconnect {
		return nil
	}
	for i, rule := range r {
		if !anyMatches(rule.PreventDisconnect, asked.Connection) {
			continue
		}
		key := place(i) + ".prevent_disconnect"
		return []connection.Problem{{
			Path: "name", Message: fmt.Sprintf("connection %q is protected: %s doesn't let it be disconnected", asked.Connection, key),
			Advice: fmt.Sprintf("leave it connected, or ask whoever runs the worker to take it out of %s", key),
		}}
	}
	return nil
}

func place(i int) string { return fmt.Sprintf("%s[%d]", Key, i) }

// refusals are the reasons of one rule. The rank says how far it fits: it is the highest where connection, org and account do.
type refusals struct {
	rank     int
	problems []connection.Problem
}

func (r Rule) refusals(place string, asked Asked) refusals {
	for rank, name := range []struct{ key, path, kind, value string }{
		{"connections", "name", "connection", asked.Connection},
		{"orgs", "okta.org", "Okta org", asked.Org},
		{"accounts", "cloudflare.account", "Cloudflare account", asked.Account},
	} {
		allowed := map[string][]string{"connections": r.Connections, "orgs": r.Orgs, "accounts": r.Accounts}[name.key]
		if name.value == "" && name.key != "connections" || anyMatches(allowed, name.value) {
			continue
		}
		thing := fmt.Sprintf("%s %q", name.kind, name.value)
		return refusals{rank, []connection.Problem{notListed(name.path, thing, place+"."+name.key)}}
	}
	return refusals{rank: 3, problems: slices.Concat(r.applications(place, asked.Applications), r.permissions(place, asked))}
}

// applications refuses those of which any hostname isn't allowed: the policy opens all that an application is reached by.
func (r Rule) applications(place string, asked []planner.ListedApplication) []connection.Problem {
	var problems []connection.Problem
	for _, application := range asked {
		if slices.ContainsFunc(r.Applications, func(pattern string) bool { return strings.EqualFold(pattern, application.ID) }) {
			continue
		}
		for _, hostname := range hostnames(application) {
			if anyMatches(r.Applications, hostname) {
				continue
			}
			thing := fmt.Sprintf("Access application %q (%s), which is reached by %s,", application.Name, application.ID, named(hostname))
			problems = append(problems, notListed("policy.applications", thing, place+".applications"))
			break
		}
	}
	return problems
}

func named(hostname string) string {
	if hostname == "" {
		return "an address that is no public hostname"
	}
	return fmt.Sprintf("%q", hostname)
}

// permissions refuses what the rule has to say yes to.
func (r Rule) permissions(place string, asked Asked) []connection.Problem {
	var problems []connection.Problem
	for _, each := range []struct {
		asked, allowed   bool
		key, path, thing string
		instead          string
	}{
		{asked.Adopt, r.Adopt, "adopt", "adopt", "taking over what the connection didn't make", "take adopt out of the document"},
		{asked.Disconnect, r.Disconnect, "disconnect", "name", fmt.Sprintf("disconnecting connection %q", asked.Connection), "leave it connected"},
		{asked.Emails, r.Emails, "emails", "policy.allow", "letting people in by their e-mail addresses", "let in groups instead"},
		{asked.Everyone, r.Everyone, "everyone", "okta.assign_groups", fmt.Sprintf("the group %q, which is the whole org,", planner.EveryoneGroup), "name smaller groups"},
		{asked.Wide && !asked.Everyone, r.Everyone, "everyone", "policy.name", "taking over a policy that lets in the whole org or more, which a rollback would put back,", "choose another policy.name"},
	} {
		if !each.asked || each.allowed {
			continue
		}
		key := place + "." + each.key
		problems = append(problems, connection.Problem{
			Path: each.path, Message: fmt.Sprintf("%s is not allowed by %s", each.thing, key),
			Advice: fmt.Sprintf("%s, or ask whoever runs the worker to set %s to true", each.instead, key),
		})
	}
	return problems
}

func notListed(path, thing, key string) connection.Problem {
	return connection.Problem{
		Path: path, Message: fmt.Sprintf("%s is not allowed by %s", thing, key),
		Advice: fmt.Sprintf("name another one in the document, or ask whoever runs the worker to add it to %s", key),
	}
}
