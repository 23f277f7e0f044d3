package planner

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/accessbridge/accessbridge/connection"
)

// FormTag is the key of the struct tag that names the form of a field in the input of a step. Whoever may write to the Temporal namespace
// can schedule a step with any input, so that every text and every number there has a form, free texts included.
const FormTag = "form"

// FormText is the form of texts that go into no path: words for people, settings that are compared, or sent in a request's body.
const FormText = "text"

// form is what the texts or the numbers of a kind look like.
type form struct {
	is       func(reflect.Value) bool
	accepted string
}

var (
	// clientIDForm is of the client ids that Okta takes: https://developer.okta.com/docs/reference/api/apps.
	clientIDForm = regexp.MustCompile(`^[0-9A-Za-z$_.+!*'(),-]{1,100}$`)
	nameForm     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	runForm      = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
	callbackForm = regexp.MustCompile(`^https://[0-9A-Za-z.-]+(:[0-9]+)?` + regexp.QuoteMeta(CallbackPath) + `$`)
	turnForm     = regexp.MustCompile(`^` + connection.WorkflowIDPrefix + `application/[0-9A-Za-z-]*/[0-9A-Za-z-]{8,64}$`)
)

// forms are the forms by their names in the struct tags.
var forms = map[string]form{
	"okta":       {texts(IsOktaID), "it must be an id of Okta's: 4 to 64 letters and digits"},
	"cloudflare": {texts(IsCloudflareID), "it must be an id of Cloudflare's: 8 to 64 letters, digits and hyphens"},
	"client":     {texts(isClientID), "it must be a client id: at most 100 letters, digits and $-_.+!*'(),"},
	"name":       {texts(nameForm.MatchString), "it must be at most 63 lower-case letters, digits and hyphens"},
	"run":        {texts(runForm.MatchString), "it must be the id of a run: letters, digits and hyphens"},
	"callback":   {texts(callbackForm.MatchString), "it must be https://HOST" + CallbackPath},
	"position":   {isPosition, fmt.Sprintf("it must be between 0 and %d", math.MaxInt32)},
	FormText:     {func(reflect.Value) bool { return true }, ""},
}

func texts(is func(string) bool) func(reflect.Value) bool {
	return func(value reflect.Value) bool { return value.String() == "" || is(value.String()) }
}

func isClientID(text string) bool {
	return clientIDForm.MatchString(text) && strings.Trim(text, ".") != ""
}

func isPosition(value reflect.Value) bool { return value.Int() >= 0 && value.Int() <= math.MaxInt32 }

// IsTurnID reports whether a text is the workflow ID of a turn at an application.
func IsTurnID(text string) bool { return turnForm.MatchString(text) }

// Malformed is what in the input of a step doesn't have the form that its field's tag names. It is looked at before anything is asked: an
// id goes into a path as it is. An id that isn't there has no form; who needs one sees to that.
func Malformed(input any) []connection.Fault {
	var faults []connection.Fault
	walk(reflect.ValueOf(input), "", "", func(path, name string, value reflect.Value) {
		if each, known := forms[name]; known && !each.is(value) {
			faults = append(faults, connection.Fault{Path: path, Found: "is " + quoted(value), Accepted: each.accepted})
		}
	})
	return faults
}

// mostQuoted bounds what is quoted of a malformed text, in characters.
const mostQuoted = 100

// quoted is a malformed value for a message: on one line and not endless.
func quoted(value reflect.Value) string {
	if value.CanInt() {
		return strconv.FormatInt(value.Int(), 10)
	}
	text := value.String()
	if utf8.RuneCountInString(text) > mostQuoted {
		text = string([]rune(text)[:mostQuoted]) + "…"
	}
	return strconv.QuoteToGraphic(text)
}

// The types that are no structure of fields with tags.
var (
	specType = reflect.TypeFor[connection.Spec]()
	ruleType = reflect.TypeFor[Rule]()
	jsonType = reflect.TypeFor[json.RawMessage]()
)

// walk calls visit for each text and each number in a value, with the path that it has in JSON and the form that its tag names.
func walk(value reflect.Value, path, name string, visit func(path, form string, value reflect.Value)) {
	switch {
	case !value.IsValid() || value.Type() == jsonType:
		return
	case value.Type() == specType: // a document has rules of its own (connection.Spec.Validate)
		return
	case value.Type() == ruleType:
		rule, _ := value.Interface().(Rule)
		rule.visitIDs(path, visit)
		return
	}
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		walk(value.Elem(), path, name, visit)
	case reflect.Slice, reflect.Array:
		for i := range value.Len() {
			walk(value.Index(i), fmt.Sprintf("%s[%d]", path, i), name, visit)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			field := value.Type().Field(i)
			if field.IsExported() {
				walk(value.Field(i), join(path, field), field.Tag.Get(FormTag), visit)
			}
		}
	case reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		visit(path, name, value)
	}
}

// join is the path of a field in JSON: the fields of an embedded structure are its owner's.
func join(path string, field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	switch {
	case name == "" && field.Anonymous:
		return path
	case path == "":
		return name
	}
	return path + "." + name
}

// visitIDs visits the ids of identity providers that a rule names.
func (r Rule) visitIDs(path string, visit func(path, form string, value reflect.Value)) {
	for kind, settings := range r {
		for _, key := range []string{"identity_provider_id", "connection_id", "id"} {
			id, is := settings[key].(string)
			if is && (key != "id" || kind == "login_method") {
				visit(path+"."+kind+"."+key, "cloudflare", reflect.ValueOf(id))
			}
		}
	}
}
