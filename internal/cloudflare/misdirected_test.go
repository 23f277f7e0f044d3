package cloudflare_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/transport/transporttest"
)

func TestEveryCall_LedToAnotherHost_DoesNotGoThere(t *testing.T) {
	t.Parallel()
	transporttest.Misdirected[*cloudflare.Client]{
		Provider: "cloudflare", Token: token, Empty: `{"success":true,"errors":[],"messages":[],"result":[]}`, List: "/client/v4/accounts",
		Client: answering, Calls: calls(t.Context()),
	}.Refused(t)
}
