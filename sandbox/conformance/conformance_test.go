package conformance_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// validator is a new one, for the answers of one test.
func validator(t *testing.T) *conformance.V {
	t.Helper()
	made, err := conformance.Validator(conformance.NeedReference(t))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestSandbox_AnswersAsDescribed gets an answer of every kind from both providers, and everything that is known to differ. What
// no answer shows has no place in the list of differences.
func TestSandbox_AnswersAsDescribed(t *testing.T) {
	t.Parallel()
	validator := validator(t)
	options := host.Ephemeral()
	options.OktaOptions = []kit.Option{kit.WithObserver(validator.Observe)}
	options.APIOptions = options.OktaOptions
	options.APILimit = requestsOfAToken
	sandbox, err := host.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	for name, answers := range map[string]func(*testing.T, *host.Sandbox){
		"cloudflare": cloudflareAnswers, "okta": oktaAnswers, "openid": openIDAnswers, "what no step needs": otherOktaAnswers,
	} {
		t.Run(name, func(t *testing.T) { answers(t, sandbox) })
	}
	for _, violation := range validator.Violations() {
		t.Error(violation)
	}
	for _, unmet := range validator.Unmet() {
		t.Errorf("no answer shows the known difference %q", unmet.Violation)
	}
	if seen := len(validator.Operations()); seen < 90 {
		t.Errorf("only %d kinds of answers were seen: %v", seen, validator.Operations())
	}
}

func TestValidator_WrongAnswers_AreFoundOnceForEachOperation(t *testing.T) {
	t.Parallel()
	validator := validator(t)
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	observe := func(call string, status int, body string) {
		method, path, _ := strings.Cut(call, " ")
		request, _ := http.NewRequest(method, "https://acme.example"+path, nil)
		validator.Observe(request, status, header, []byte(body))
	}
	const organization = "GET /client/v4/accounts/0123456789abcdef0123456789abcdef/access/organizations"
	right := `{"success":true,"errors":[],"messages":[],"result":{"name":"n"}}`
	observe(organization, 200, right)
	if got := validator.Violations(); len(got) != 0 {
		t.Fatalf("got %v", got)
	}
	for range 2 {
		observe(organization, 200, `{"success":"yes","errors":[],"messages":[]}`)
		observe(organization, 302, right)
		observe(organization, 200, `<html>`)
		observe("GET /api/v1/unheard-of", 200, `{}`)
		observe("GET /api/v1/unheard-of", 404, `{}`)
	}
	got := validator.Violations()
	for _, want := range []string{"/success", "302: the status isn't described", "the body isn't JSON", "okta GET /api/v1/unheard-of: 200 from an operation"} {
		if count := len(slices.DeleteFunc(slices.Clone(got), func(one string) bool { return !strings.Contains(one, want) })); count != 1 {
			t.Errorf("%q must be there once: %v", want, got)
		}
	}
}
