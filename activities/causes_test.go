package activities_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// TestFail_TokensRefused_SaysEachCauseOnce: the survey's calls go out at the same time, and one refused token fails several.
func TestFail_TokensRefused_SaysEachCauseOnce(t *testing.T) {
	t.Parallel()
	oktas := kit.Fault{Kind: kit.KindStatus, Method: http.MethodGet, Status: 401, Body: `{"errorCode":"E0000011","errorSummary":"Invalid token provided"}`}
	cloudflares := kit.Fault{Kind: kit.KindStatus, Method: http.MethodGet, Status: 401, Body: `{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}]}`}
	for name, test := range map[string]struct {
		okta, cf bool
		// problems are the keys of the credentials that the causes are told of.
		problems []string
	}{
		"one":  {okta: true},
		"both": {okta: true, cf: true, problems: []string{"cloudflare.accounts.acme.api_token_file", "okta.orgs.acme.api_token"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if test.okta {
				w.okta.Inject(oktas)
			}
			if test.cf {
				w.cf.Inject(cloudflares)
			}
			err := refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec})
			told := wantFailure(t, err, typeOf(err), false)
			if lines := strings.Count(told.Message, "\n") + 1; lines != max(1, len(test.problems)) {
				t.Errorf("%d lines: %s", lines, told.Message)
			}
			var keys []string
			for _, problem := range told.Problems {
				keys = append(keys, problem.Path)
				if !strings.Contains(problem.Advice, problem.Path) || !strings.Contains(told.Message, problem.Message) {
					t.Errorf("problem %+v of %s", problem, told.Message)
				}
			}
			wantIDs(t, "causes", keys, test.problems...)
			if !strings.Contains(told.Advice, ".acme.api_token") {
				t.Errorf("advice: %s", told.Advice)
			}
		})
	}
}
