package activities_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/activities"
)

// TestAdvice_OfAnAppThatNoSurveySaw_IsDone: a run surveys anew by itself, but not for ever.
func TestAdvice_OfAnAppThatNoSurveySaw_IsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.copyApp("accessbridge-acme-1", nil)
	told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app()), activities.ErrorUnseen, false)
	row := struct{ advice string }{advice: "start the run again: it surveys both sides first"}
	if told.Advice != row.advice {
		t.Errorf("the advice is %q", told.Advice)
	}
	if app := must(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}).State.App; app == nil || app.ID != id {
		t.Errorf("the survey of another run finds the app %+v", app)
	}
}
