package okta_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestHand_ChangesTheOrg_WithoutATokenOrALimit(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.Limits = map[string]int{okta.BucketApps: 2} })
	app := f.createApp(t, "app")
	f.inject(t, `{"kind":"hand","method":"GET","path":"/api/v1/apps/`+app+`","count":1,"do":[
		{"method":"POST","path":"/api/v1/apps/`+app+`/lifecycle/deactivate"},
		{"method":"DELETE","path":"/api/v1/apps/`+app+`"},
		{"method":"DELETE","path":"/api/v1/apps/`+app+`"}]}`)
	f.call(t, "GET", "/api/v1/apps/"+app, nil).must(t, 404)
	if hands := f.kit.Hands(); len(hands) != 3 || hands[1].Status != 204 || hands[2].Status != 404 || hands[2].Answer == "" {
		t.Errorf("got %+v", hands)
	}
	f.call(t, "GET", "/api/v1/apps", nil).must(t, 200) // the second that the limit allows
	f.callAs(t, "", "GET", "/api/v1/groups", nil).must(t, 403)
}

func TestHand_Act_KnowsWhatWasJustMade(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	f.kit.Inject(kit.Fault{Kind: kit.KindHand, Method: "POST", Path: "*/apps", When: kit.WhenAfter, Act: func(_ *http.Request, answer *kit.Answer) {
		var made struct{ ID string }
		if err := json.Unmarshal(answer.Body, &made); err != nil {
			t.Error(err)
		}
		if err := f.org.RenameApp(made.ID, "renamed"); err != nil {
			t.Error(err)
		}
	}})
	app := f.createApp(t, "app")
	if label := f.call(t, "GET", "/api/v1/apps/"+app, nil).object(t)["label"]; label != "renamed" {
		t.Errorf("the app is called %v", label)
	}
}
