package okta

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// claimExpression is the type of a claim that is an expression.
const claimExpression = "EXPRESSION"

// claim is what an app adds to its ID tokens. A claim without a name adds nothing.
type claim struct {
	issuerMode string
	valueType  string
	name       string
	filterType string
	value      string
}

func (o *Org) getClaim(r *http.Request) answer {
	return o.withClient(r, func(a *app) answer {
		view := claimView(a)
		view["issuer"], view["audience"] = o.url, a.clientID()
		return success(view)
	})
}

// setClaim replaces the claim as a whole: what the body leaves out is gone.
func (o *Org) setClaim(r *http.Request) answer {
	return o.withClient(r, func(a *app) answer {
		body, err := readObject(r)
		if err != nil {
			return malformed()
		}
		given := claim{
			issuerMode: text(body, "issuerMode"), valueType: text(body, "valueType"), name: text(body, "name"),
			filterType: text(body, "groupFilterType"), value: text(body, "value"),
		}
		if refusal := given.check(); refusal != nil {
			return *refusal
		}
		a.claim, a.updated = &given, o.now()
		return success(claimView(a))
	})
}

// claimView is the claim as the answer to a change shows it: without issuer and audience.
func claimView(a *app) object {
	view := object{
		"issuer": nil, "orgUrl": nil, "customUrl": nil, "audience": nil,
		"issuerMode": text(a.body, "settings", "oauthClient", "issuer_mode"),
	}
	if a.claim == nil {
		return view
	}
	for key, value := range map[string]string{
		"issuerMode": a.claim.issuerMode, "valueType": a.claim.valueType, "name": a.claim.name,
		"groupFilterType": a.claim.filterType, "value": a.claim.value,
	} {
		if value != "" {
			view[key] = value
		}
	}
	return view
}

func (c *claim) check() *answer {
	switch {
	case c.name == "" && c.value == "" && c.valueType == "":
		return nil
	case c.name == "" || c.value == "":
		return invalidPointer("idToken", "name: The claim needs a name and a value.")
	case c.valueType == claimExpression:
		return nil // Okta takes any text, and looks at it when somebody signs in
	case c.valueType != "GROUPS":
		return invalidPointer("idToken", "valueType: The value must be GROUPS or EXPRESSION.")
	case !slices.Contains([]string{"STARTS_WITH", "EQUALS", "CONTAINS", "REGEX"}, c.filterType):
		return invalidPointer("idToken", "groupFilterType: The value must be STARTS_WITH, EQUALS, CONTAINS or REGEX.")
	}
	if _, err := regexp.Compile(c.value); c.filterType == "REGEX" && err != nil {
		return invalidPointer("idToken", "value: The value isn't a valid regular expression.")
	}
	return nil
}

// groups are the names of those of a person's groups that the claim tells of. A filter leaves out what comes from a directory or
// another app; an expression doesn't.
func (c *claim) groups(groups []*group, profile object) ([]string, error) {
	if c.valueType == claimExpression {
		return c.evaluate(groups, profile)
	}
	var names []string
	for _, g := range groups {
		if g.kind != appGroup && c.lets(g.name()) {
			names = append(names, g.name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// tells reports whether the app's claim can be told of a person. It can't where it is an expression that Okta doesn't understand.
func (a *app) tells(person *user) bool {
	if a.claim == nil || a.claim.name == "" {
		return true
	}
	_, err := a.claim.groups(person.groups, profileOf(a))
	return err == nil
}

// profileOf is what somebody wrote into the app's profile.
func profileOf(a *app) object {
	profile, _ := a.body["profile"].(object)
	return profile
}

func (c *claim) lets(name string) bool {
	switch c.filterType {
	case "STARTS_WITH":
		return strings.HasPrefix(name, c.value)
	case "EQUALS":
		return name == c.value
	case "CONTAINS":
		return strings.Contains(name, c.value)
	case "REGEX":
		matched, err := regexp.MatchString("^(?:"+c.value+")$", name)
		return err == nil && matched
	default:
		return false
	}
}
