package okta_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// directory is an org that Ada's groups come to from a directory and from an app too, two of the same name among them.
func directory(c *okta.Config) {
	c.Groups = append(
		c.Groups, okta.Group{Name: "AD Staff", Type: "APP_GROUP"}, okta.Group{Name: "AD Admins", Type: "APP_GROUP"},
		okta.Group{Name: "Workday Staff", Type: "APP_GROUP", Source: "workday"}, okta.Group{Name: `A "quoted" \ one`, Type: "APP_GROUP"},
	)
	c.Users[0].Groups = append(c.Users[0].Groups, "AD Staff", "AD Admins", "Workday Staff", `A "quoted" \ one`)
}

// claimed are the groups that Ada's ID token has, or how the sign-in was refused.
func (p *relyingParty) claimed(t *testing.T) string {
	t.Helper()
	told := p.signIn(t, p.browser(t), "ada@acme.example", "ada-password")
	if told.Get("error") != "" {
		return told.Get("error") + ": " + told.Get("error_description")
	}
	tokens, err := p.config.Exchange(p.context, told.Get("code"))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := p.provider.Verifier(&oidc.Config{ClientID: p.config.ClientID}).Verify(p.context, raw)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct{ Groups []string }
	if err := token.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	slices.Sort(claims.Groups)
	return strings.Join(claims.Groups, ", ")
}

func (p *relyingParty) setExpression(t *testing.T, value string) {
	t.Helper()
	p.call(t, "POST", "/api/v1/internal/apps/"+p.appID+"/settings/oauth/idToken", map[string]any{
		"valueType": "EXPRESSION", "issuerMode": "ORG_URL", "name": "groups", "value": value,
	}).must(t, 200)
}

func TestClaim_Filter_LeavesOutGroupsOfDirectoriesAndApps(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, directory), appBody("app"))
	if got := p.claimed(t); got != "Engineering, Everyone" {
		t.Errorf("the token tells of %s", got)
	}
}

func TestClaim_Expression_IsEvaluated(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, directory), appBody("app"))
	staff, engineering, support := p.org.GroupID("AD Staff"), p.org.GroupID("Engineering"), p.org.GroupID("Support")
	if err := p.org.EditApp(p.appID, func(body map[string]any) { body["profile"] = map[string]any{"allowed": []any{staff, support}} }); err != nil {
		t.Fatal(err)
	}
	const failed = "server_error: The 'groups' user claim could not be evaluated."
	for expression, want := range map[string]string{
		`Groups.startsWith("active_directory", "", 100)`:                                                   `A "quoted" \ one, AD Admins, AD Staff`,
		`Groups.startsWith("active_directory", "AD ", 1)`:                                                  "AD Admins",
		`Groups.startsWith("active_directory", "A \"quoted\" \\", 100)`:                                    `A "quoted" \ one`,
		`Groups.endsWith("workday", "Staff", 100)`:                                                         "Workday Staff",
		` Groups.contains ( "OKTA","n",100 ) `:                                                             "Engineering, Everyone",
		`getFilteredGroups({"` + staff + `", "` + engineering + `", "` + support + `"}, "group.name", 40)`: "AD Staff, Engineering",
		`getFilteredGroups({"` + staff + `"}, "group.id", 40)`:                                             staff,
		`getFilteredGroups(app.profile.allowed, "group.name", 40)`:                                         "AD Staff",
		`getFilteredGroups({}, "group.name", 40)`:                                                          "",
		`getFilteredGroups({"` + staff + `"}, "group.colour", 40)`:                                         failed,
		`getFilteredGroups("` + staff + `", "group.name", 40)`:                                             failed,
		`getFilteredGroups({"` + staff + `"}, "group.name", 0)`:                                            failed,
		`Groups.startsWith("OKTA", "", 101)`:                                                               failed,
		`Groups.like("OKTA", "", 100)`:                                                                     failed,
		"aa":                                                                                               failed,
	} {
		p.setExpression(t, expression)
		if got := p.claimed(t); got != want {
			t.Errorf("%s: the token tells of %q, want %q", expression, got, want)
		}
	}
}

func TestAssign_FederationBrokerMode_IsRefused(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	app := f.createApp(t, "app")
	if err := f.org.EditApp(app, func(body map[string]any) { body["settings"].(map[string]any)["implicitAssignment"] = true }); err != nil {
		t.Fatal(err)
	}
	refused := f.call(t, "PUT", "/api/v1/apps/"+app+"/groups/"+f.org.GroupID("Support"), map[string]any{}).must(t, 400).object(t)
	if refused["errorCode"] != "E0000001" || refused["errorSummary"] != "Api validation failed: GroupAppAssignment" {
		t.Errorf("refused with %v", refused)
	}
}
