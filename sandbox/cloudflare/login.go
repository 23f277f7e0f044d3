package cloudflare

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// target is what a person wants in to: an application, a policy to be tried by itself (an aid of this
// sandbox), or, with neither, the account's front page.
type target struct {
	domain string
	policy string
}

func (t target) query() string {
	values := url.Values{}
	if t.domain != "" {
		values.Set("app", t.domain)
	}
	if t.policy != "" {
		values.Set("policy", t.policy)
	}
	return values.Encode()
}

// login lists the identity providers that the application allows, or goes to the only one directly where
// the application says so.
func (x *Access) login(w http.ResponseWriter, r *http.Request) {
	account := x.view()
	if account.accessDisabled {
		showProblem(w, http.StatusNotFound, "Access is not enabled", "This account has no Access organisation.")
		return
	}
	wanted := target{r.PathValue("domain"), r.URL.Query().Get("policy")}
	providers := account.providers.all()
	if wanted.domain != "" {
		application, found := account.applicationAt(wanted.domain)
		if !found {
			showProblem(w, http.StatusNotFound, "Unable to find your Access application", wanted.domain)
			return
		}
		if allowed := list(application, "allowed_idps"); len(allowed) > 0 {
			providers = slices.DeleteFunc(providers, func(provider resource) bool {
				return !slices.Contains(allowed, provider["id"])
			})
		}
		if truth(application, "auto_redirect_to_identity") && len(providers) == 1 {
			http.Redirect(w, r, startURL(providers[0], wanted), http.StatusFound)
			return
		}
	}
	page := loginPage{Account: account.name, Domain: wanted.domain}
	if policy, found := account.policies.get(wanted.policy); found {
		page.Policy = text(policy, "name")
	}
	for _, provider := range providers {
		page.Providers = append(page.Providers, choice{text(provider, "name"), text(provider, "type"), startURL(provider, wanted)})
	}
	if wanted == (target{}) {
		for _, application := range account.applications.all() {
			domain := text(application, "domain")
			page.Applications = append(page.Applications, choice{text(application, "name"), domain, loginPath + "/" + domain})
		}
		for _, policy := range account.policies.all() {
			page.Policies = append(page.Policies, choice{
				text(policy, "name"), text(policy, "decision"), loginPath + "?policy=" + url.QueryEscape(text(policy, "id")),
			})
		}
	}
	show(w, http.StatusOK, "login", page)
}

func startURL(provider resource, wanted target) string {
	return strings.TrimSuffix(startPath+text(provider, "id")+"?"+wanted.query(), "?")
}

// applicationAt is the application of the hostname, or of a path below it.
func (a *account) applicationAt(hostname string) (resource, bool) {
	var found resource
	closest := ""
	for _, application := range a.applications.all() {
		for _, own := range hostnames(application) {
			if (own == hostname || strings.HasPrefix(hostname, own+"/")) && len(own) > len(closest) {
				found, closest = application, own
			}
		}
	}
	return found, found != nil
}

// hostnames are what an application is reached by. Not every type of application has one.
func hostnames(application resource) []string {
	all := []string{text(application, "domain")}
	for _, domain := range list(application, "self_hosted_domains") {
		all = append(all, toText(domain))
	}
	for _, destination := range list(application, "destinations") {
		fields, _ := destination.(map[string]any)
		all = append(all, text(fields, "uri"))
	}
	return all
}

// start begins the sign-in with the identity provider that was chosen.
func (x *Access) start(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	x.begin(w, r, &flow{provider: r.PathValue("id"), target: target{query.Get("app"), query.Get("policy")}})
}

// test begins a sign-in that decides nothing, but shows what the identity provider says.
func (x *Access) test(w http.ResponseWriter, r *http.Request) {
	x.begin(w, r, &flow{provider: r.PathValue("id"), test: true})
}
