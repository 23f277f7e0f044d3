package okta_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport/transporttest"
)

func TestEveryCall_LedToAnotherHost_DoesNotGoThere(t *testing.T) {
	t.Parallel()
	transporttest.Misdirected[*okta.Client]{
		Provider: "okta", Token: token, Empty: "[]", List: "/api/v1/apps",
		Client: answering, Calls: calls(t.Context()), TakesRedirect: "AcceptsRedirect",
	}.Refused(t)
}
