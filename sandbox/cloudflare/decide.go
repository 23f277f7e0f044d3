package cloudflare

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
)

// verdict is the decision, with why.
type verdict struct {
	Allowed bool
	Reason  string
	Email   string
	Groups  []string
	// Domain is where the person wanted in.
	Domain string
}

// decide shows whether the person is let in, and writes it in the access log.
func (x *Access) decide(w http.ResponseWriter, r *http.Request, account *account, begun *flow, who identity) {
	application, found := account.applicationAt(begun.target.domain)
	if begun.target.domain != "" && !found {
		showProblem(w, http.StatusNotFound, "Unable to find your Access application", begun.target.domain)
		return
	}
	outcome := verdict{Email: who.Email, Groups: who.Groups, Domain: begun.target.domain}
	allowed := list(application, "allowed_idps")
	if len(allowed) > 0 && !slices.Contains(allowed, any(who.Provider)) {
		outcome.Reason = "the application doesn't allow this identity provider"
	} else {
		outcome.Allowed, outcome.Reason = account.judge(account.policiesFor(application, begun.target, who), who)
	}
	x.record(w, r, application, who, outcome)
	status := http.StatusForbidden
	if outcome.Allowed {
		status = http.StatusOK
		if err := x.openSession(w, account, application, who); err != nil {
			showProblem(w, http.StatusInternalServerError, "Failed to open a session", err.Error())
			return
		}
	}
	show(w, status, "verdict", outcome)
}

// policiesFor are those that decide: the application's, the one that is tried by itself, or, on the front
// page, every reusable one that knows the identity provider.
func (a *account) policiesFor(application resource, wanted target, who identity) []resource {
	found := []resource{}
	if application != nil {
		for _, link := range links(application) {
			if policy, ok := a.policies.get(link.id); ok {
				found = append(found, policy)
			}
		}
		return found
	}
	if wanted.policy != "" {
		if policy, ok := a.policies.get(wanted.policy); ok {
			found = append(found, policy)
		}
		return found
	}
	for _, policy := range a.policies.all() {
		knows := slices.ContainsFunc(list(policy, "include"), func(rule any) bool { return ruleProvider(rule) == who.Provider })
		if knows && text(policy, owner) == "" {
			found = append(found, policy)
		}
	}
	return found
}

// judge takes the first policy whose rules the person meets. Without one, nobody is let in.
func (a *account) judge(policies []resource, who identity) (allowed bool, reason string) {
	for _, policy := range policies {
		rule, met := a.meets(policy, who, 0)
		if !met {
			continue
		}
		decision := text(policy, "decision")
		return decision == "allow" || decision == "bypass",
			fmt.Sprintf("policy %q: %s, because of %s", text(policy, "name"), decision, rule)
	}
	if len(policies) == 0 {
		return false, "no policy lets anybody in"
	}
	return false, fmt.Sprintf("no policy lets %s in; groups: %s", who.Email, strings.Join(who.Groups, ", "))
}

// meets reports whether the person meets the rules, and by which: one of include, all of require, none of
// exclude.
func (a *account) meets(holder resource, who identity, depth int) (reason string, met bool) {
	for _, rule := range list(holder, "include") {
		if description, ok := a.matches(rule, who, depth); ok {
			reason = description
			break
		}
	}
	if reason == "" {
		return "", false
	}
	for _, rule := range list(holder, "exclude") {
		if _, ok := a.matches(rule, who, depth); ok {
			return "", false
		}
	}
	for _, rule := range list(holder, "require") {
		if _, ok := a.matches(rule, who, depth); !ok {
			return "", false
		}
	}
	return reason, true
}

// matches reports whether the rule is true of the person. Rules that this sandbox can't judge aren't.
func (a *account) matches(rule any, who identity, depth int) (reason string, met bool) {
	fields, _ := rule.(map[string]any)
	for kind := range fields {
		settings := object(fields, kind)
		switch kind {
		case "everyone":
			return "everyone", true
		case "email":
			wanted := text(settings, "email")
			return "email " + wanted, strings.EqualFold(wanted, who.Email)
		case "email_domain":
			wanted := text(settings, "domain")
			_, domain, _ := strings.Cut(who.Email, "@")
			return "email domain " + wanted, strings.EqualFold(wanted, domain)
		case "login_method":
			return "the login method", text(settings, "id") == who.Provider
		case "okta":
			wanted := text(settings, "name")
			return "Okta group " + wanted, ruleProvider(rule) == who.Provider && slices.Contains(who.Groups, wanted)
		case "group":
			group, found := a.groups.get(text(settings, "id"))
			if !found || depth > 10 { // groups may hold groups, even each other
				return "", false
			}
			_, ok := a.meets(group, who, depth+1)
			return "Access group " + text(group, "name"), ok
		case "oidc":
			claim, wanted := who.Claims[text(settings, "claim_name")], settings["claim_value"]
			values, isList := claim.([]any)
			return "claim " + text(settings, "claim_name"), claim == wanted || isList && slices.Contains(values, wanted)
		}
	}
	return "", false
}

// record writes the access log.
func (x *Access) record(w http.ResponseWriter, r *http.Request, application resource, who identity, outcome verdict) {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	ray, _, _ := strings.Cut(w.Header().Get("CF-Ray"), "-")
	x.api.AddLogin(x.account, Login{
		Email: who.Email, Allowed: outcome.Allowed, Domain: text(application, "domain"), Application: text(application, "id"),
		IdentityProvider: who.Provider, IPAddress: address, Ray: ray,
	})
}
