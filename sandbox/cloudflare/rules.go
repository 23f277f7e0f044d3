package cloudflare

import (
	"iter"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// ruleLists are the parts of a policy or a group that hold rules.
var ruleLists = []string{"include", "exclude", "require"}

// ruleTypes are the rules that the API knows.
var ruleTypes = []string{
	"any_valid_service_token", "auth_context", "auth_method", "azureAD", "certificate", "common_name",
	"device_posture", "email", "email_domain", "email_list", "everyone", "external_evaluation", "geo", "github-organization",
	"group", "gsuite", "ip", "ip_list", "login_method", "oidc", "okta", "saml", "service_token",
}

func keys(object map[string]any) iter.Seq[string] { return maps.Keys(object) }

// readRules checks the three lists of rules and copies them. Null is an empty list.
func (a *account) readRules(sent map[string]any, into resource) *reply {
	for _, part := range ruleLists {
		value := sent[part]
		rules, isList := value.([]any)
		if value != nil && !isList {
			refusal := failInvalid("invalid '" + part + "' configuration")
			return &refusal
		}
		for _, rule := range rules {
			if refusal := a.checkRule(part, rule); refusal != nil {
				return refusal
			}
		}
		into[part] = append([]any{}, rules...)
	}
	if len(list(into, "include")) == 0 {
		refusal := failInvalid("invalid 'include' configuration", cause{Message: "at least one rule is required"})
		return &refusal
	}
	return nil
}

func (a *account) checkRule(part string, rule any) *reply {
	refuse := func(refusal reply) *reply { return &refusal }
	fields, isObject := rule.(map[string]any)
	if !isObject || len(fields) != 1 {
		return refuse(failInvalid("invalid '"+part+"' configuration", cause{Message: "a rule has exactly one type"}))
	}
	kind := slices.Collect(keys(fields))[0]
	if !slices.Contains(ruleTypes, kind) {
		return refuse(failInvalid("invalid '"+part+"' configuration", cause{Message: "unknown rule type: '" + kind + "'"}))
	}
	settings := object(fields, kind)
	switch kind {
	case "okta":
		provider, found := a.providers.get(ruleProvider(rule))
		if text(settings, "name") == "" || !found || text(provider, "type") != "okta" {
			return refuse(failInvalidPolicy())
		}
	case "login_method", "oidc", "saml", "azureAD", "gsuite", "github-organization":
		if _, found := a.providers.get(ruleProvider(rule)); !found {
			return refuse(failInvalidPolicy())
		}
	case "group":
		return a.checkGroup(text(settings, "id"))
	case "email", "email_domain":
		wanted := map[string]string{"email": "email", "email_domain": "domain"}[kind]
		if text(settings, wanted) == "" {
			return refuse(failInvalidPolicy())
		}
	}
	return nil
}

// checkGroup answers 500 to a name in place of an id: seen live, a caller's fault that looks like a server's.
func (a *account) checkGroup(id string) *reply {
	if _, found := a.groups.get(id); found {
		return nil
	}
	refusal := failInvalidPolicy()
	if uuid.Validate(id) != nil {
		refusal = fail(500, 10001, "access.api.error.internal_server_error")
	}
	return &refusal
}

// ruleProvider is the identity provider that a rule refers to, or "". Older clients say connection_id.
func ruleProvider(rule any) string {
	fields, _ := rule.(map[string]any)
	for kind := range fields {
		settings := object(fields, kind)
		if kind == "login_method" {
			return text(settings, "id")
		}
		if id := text(settings, "identity_provider_id"); id != "" {
			return id
		}
		return text(settings, "connection_id")
	}
	return ""
}
