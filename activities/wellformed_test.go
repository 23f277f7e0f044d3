package activities_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
	quiet "github.com/accessbridge/accessbridge/internal/temporal"
)

// samples are a well-formed value for each form that a field of a step's input can have.
var samples = map[string]any{
	"okta": "0oa12345", "cloudflare": "0123456789abcdef0123456789abcdef", "client": "accessbridge-acme-1", "name": "acme", "run": "run-1",
	"callback": "https://" + authDomain + planner.CallbackPath, "position": int64(1), planner.FormText: "anything: ../ ? %2e",
}

// malformedTexts are what would reach another endpoint, or panic.
var malformedTexts = []string{"../../apps", "0oa12345/lifecycle/deactivate", "0oa12345?force=true", "0oa12345#x", "0oa1234%2f5", "..", "0oa 12345", "0oa12345\n", "0oä12345", strings.Repeat("a", 5000)}

// TestEveryStep_MalformedInput_IsRefusedBeforeAnythingIsAsked goes through each field of each step that a worker registers. One whose field
// has no form fails it.
func TestEveryStep_MalformedInput_IsRefusedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	steps := reflect.TypeFor[*activities.Activities]()
	for i := range steps.NumMethod() {
		step := steps.Method(i)
		if step.Type.NumIn() < 3 { // the step itself and its context
			continue
		}
		t.Run(step.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			input := step.Type.In(2)
			if input.Kind() == reflect.String {
				for _, bad := range append(malformedTexts, "accessbridge/acme", "") {
					wantRefused(t, w, step.Name, bad, "the workflow ID")
				}
				return
			}
			sound := reflect.New(input).Elem()
			fields := leaves(t, sound, "", "")
			if faults := planner.Malformed(sound.Interface()); len(faults) > 0 {
				t.Fatalf("a sound input is refused: %v", faults)
			}
			tried := 0
			for _, each := range fields {
				if each.form == planner.FormText {
					continue
				}
				for _, bad := range each.bad() {
					tried++
					old := reflect.ValueOf(each.value.Interface())
					each.value.Set(reflect.ValueOf(bad).Convert(each.value.Type()))
					wantRefused(t, w, step.Name, sound.Interface(), each.path)
					each.value.Set(old)
				}
			}
			if tried == 0 {
				t.Error("nothing of its input is checked")
			}
		})
	}
}

// TestSurvey_UnsoundDocument_IsRefused: its input is a document, with rules of its own.
func TestSurvey_UnsoundDocument_IsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	spec := w.spec
	spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "")
	wantRefused(t, w, "Survey", activities.SurveyRequest{Spec: spec}, "okta.assign_groups[1]")
}

// TestEveryStep_InputOfNobodyOurs_DoesNotPanic: one that is empty, one whose fields are all there and name
// nothing that exists, and one without what may be left out.
func TestEveryStep_InputOfNobodyOurs_DoesNotPanic(t *testing.T) {
	t.Parallel()
	steps := reflect.TypeFor[*activities.Activities]()
	for i := range steps.NumMethod() {
		step := steps.Method(i)
		if step.Type.NumIn() < 3 {
			continue
		}
		t.Run(step.Name, func(t *testing.T) {
			t.Parallel()
			empty, full, bare := reflect.New(step.Type.In(2)).Elem(), reflect.New(step.Type.In(2)).Elem(), reflect.New(step.Type.In(2)).Elem()
			if full.Kind() == reflect.Struct {
				leaves(t, full, "", "")
				leaves(t, bare, "", "")
				leaveOut(bare)
			}
			w := newWorld(t)
			for _, input := range []reflect.Value{full, bare} {
				if input.Kind() == reflect.Struct && input.FieldByName("OktaURL").IsValid() { // of the fence, which would refuse
					input.FieldByName("OktaURL").SetString(w.fence.OktaURL)
					input.FieldByName("AccountID").SetString(w.fence.AccountID)
				}
			}
			for _, input := range []any{empty.Interface(), full.Interface(), bare.Interface()} {
				var panicked *temporal.PanicError
				if _, err := scheduled(w, step.Name, input, &fakeServer{}); errors.As(err, &panicked) {
					t.Errorf("%+v: %v\n%s", input, err, panicked.StackTrace())
				}
			}
		})
	}
}

// leaveOut takes out of a value what may be left out: what it points to.
func leaveOut(value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		value.SetZero()
	case reflect.Struct:
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				leaveOut(value.Field(i))
			}
		}
	}
}

// scheduled carries a step out as a worker does that is given it by its name.
func scheduled(w *world, step string, input, server any) (converter.EncodedValue, error) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet.Quiet{})
	env := suite.NewTestActivityEnvironment()
	a := &attempt{number: 1, server: server}
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{a.interceptor(), &activities.StepInterceptor{}}})
	env.RegisterActivity(w.steps)
	return env.ExecuteActivity(step, input)
}

// wantRefused carries a step out as a worker does that has it by its name, and wants it refused for good, for a field and unasked.
func wantRefused(t *testing.T, w *world, step string, input any, path string) {
	t.Helper()
	before := len(w.okta.Requests()) + len(w.cf.Requests())
	_, err := scheduled(w, step, input, unasked{})
	if err == nil {
		t.Fatalf("%s with a malformed %s succeeds", step, path)
	}
	if told := wantFailure(t, err, "MalformedInput", false); !strings.Contains(told.Message, path+" is") || len(told.Message) > 1000 {
		t.Errorf("%s is told %q, not that %s is wrong", step, told.Message, path)
	}
	if asked := len(w.okta.Requests()) + len(w.cf.Requests()) - before; asked > 0 {
		t.Errorf("%s with a malformed %s asks the providers %d times", step, path, asked)
	}
}

// unasked is a server of Temporal's that may be asked nothing.
type unasked struct{ client.Client }

// leaf is a text or a number in a step's input.
type leaf struct {
	path, form string
	value      reflect.Value
}

func (l leaf) bad() []any {
	if l.value.CanInt() {
		return []any{int64(-5), int64(-1), int64(1) << 40}
	}
	bad := make([]any, len(malformedTexts))
	for i, text := range malformedTexts {
		bad[i] = text
	}
	return bad
}

// leaves are the texts and numbers of a value that it fills with well-formed ones. It fails the test for one whose field has no form.
func leaves(t *testing.T, value reflect.Value, path, form string) (all []leaf) {
	t.Helper()
	switch kind := value.Kind(); {
	case value.Type() == reflect.TypeFor[connection.Spec](), value.Type() == reflect.TypeFor[planner.Rule](), value.Type() == reflect.TypeFor[time.Time]():
		return nil // see the tests of these
	case value.Type() == reflect.TypeFor[json.RawMessage](), kind == reflect.Bool:
		return nil
	case kind == reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		return leaves(t, value.Elem(), path, form)
	case kind == reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		return leaves(t, value.Index(0), path+"[0]", form)
	case kind == reflect.Struct:
		for i := range value.NumField() {
			field := value.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			at := strings.TrimPrefix(path+"."+name, ".")
			if name == "" {
				at = path
			}
			all = append(all, leaves(t, value.Field(i), at, field.Tag.Get(planner.FormTag))...)
		}
		return all
	case kind == reflect.String, value.CanInt():
		sample, known := samples[form]
		if !known {
			t.Errorf("its field %s has no form: give it a tag, such as form:\"okta\" (see planner.Malformed)", path)
			return nil
		}
		value.Set(reflect.ValueOf(sample).Convert(value.Type()))
		return []leaf{{path, form, value}}
	}
	t.Errorf("its field %s is a %s, which nothing checks", path, value.Type())
	return nil
}
