package cloudflare_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

func TestHand_ChangesTheAccount_WithoutATokenOrALimit(t *testing.T) {
	t.Parallel()
	f := start(t, func(config *cloudflare.Config) { config.Limit = 2 })
	body, err := json.Marshal(policy("theirs", rule("everyone", m{})))
	if err != nil {
		t.Fatal(err)
	}
	path := cloudflare.Base + "/accounts/" + account + "/access/policies"
	f.Inject(kit.Fault{
		Kind: kit.KindHand, Method: "POST", Path: "*/access/policies", When: kit.WhenAfter, Count: 1,
		Do: []kit.HandRequest{{Method: "POST", Path: path, Body: body}, {Method: "DELETE", Path: path + "/" + unknown}, {Method: "GET", Path: path}},
	})
	f.must(t, 201, "POST", "policies", policy("ours", rule("everyone", m{})))
	if got := fmt.Sprint(f.names(t, "policies")); got != "[ours theirs]" {
		t.Errorf("got %s", got)
	}
	if hands := f.Hands(); len(hands) != 3 || hands[0].Status != 201 || hands[1].Status != 404 || hands[2].Status != 200 {
		t.Errorf("got %+v", hands)
	}
	if answer := f.call(t, token, "GET", "policies", nil); answer.Status != 429 {
		t.Errorf("the client's own requests are counted, got %d", answer.Status)
	}
}
