package okta_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// keepingOut edits an app so that nobody could sign in through it to Access.
func keepingOut(body map[string]any) {
	settings := body["settings"].(map[string]any)
	settings["implicitAssignment"] = true
	settings["oauthClient"].(map[string]any)["id_token_encrypted_response_alg"] = "RSA-OAEP-256"
}

func TestUpdateApp_WhatKeepsPeopleOut_ChangesWhereItDiffersAlone(t *testing.T) {
	t.Parallel()
	known := planner.App{Broker: true, IDTokenEncryption: "RSA-OAEP-256"}
	for name, test := range map[string]struct{ have, want, after planner.App }{
		"turned off":                    {known, planner.App{}, planner.App{}},
		"left as it is":                 {known, known, known},
		"not looked at by a run of old": {planner.App{}, planner.App{}, known},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t)
			id := f.create(t)
			if err := f.org.EditApp(id, keepingOut); err != nil {
				t.Fatal(err)
			}
			want := app()
			want.Broker, want.IDTokenEncryption = test.want.Broker, test.want.IDTokenEncryption
			test.have.ID = id
			if err := f.UpdateApp(f.ctx, test.have, want, nil); err != nil {
				t.Fatal(err)
			}
			now, err := f.GetApp(f.ctx, id)
			if err != nil || now.Broker != test.after.Broker || now.IDTokenEncryption != test.after.IDTokenEncryption {
				t.Errorf("the app is %+v, %v", now, err)
			}
		})
	}
}

func TestListApps_SaysWhatAnAppIs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		edit func(body map[string]any)
		want string
	}{
		"ours":       {func(map[string]any) {}, ""},
		"SAML":       {func(body map[string]any) { body["signOnMode"] = "SAML_2_0" }, `it signs people in by "SAML_2_0"`},
		"catalogue":  {func(body map[string]any) { body["name"] = "strongdm" }, `it is an app of Okta's catalogue ("strongdm" of the OIN)`},
		"native app": {func(body map[string]any) { setApplicationType(body, "native") }, `it is an OpenID Connect app of type "native"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t)
			id := f.create(t)
			if err := f.org.EditApp(id, test.edit); err != nil {
				t.Fatal(err)
			}
			found, err := f.GetApp(f.ctx, id)
			if err != nil || found.OpenIDConnect != (test.want == "") || !strings.HasPrefix(found.Kind, test.want) {
				t.Errorf("the app is said to be %q, %v", found.Kind, err)
			}
		})
	}
}

func setApplicationType(body map[string]any, kind string) {
	body["settings"].(map[string]any)["oauthClient"].(map[string]any)["application_type"] = kind
}
