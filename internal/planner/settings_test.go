package planner

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
)

// fill gives every field of a struct a value that nothing else has, so that whatever is set differs from it. What it can't fill it
// fails on: a new kind of field must be thought of.
func fill(t *testing.T, value reflect.Value, at string) {
	t.Helper()
	switch value.Interface().(type) {
	case time.Time:
		value.Set(reflect.ValueOf(time.Unix(1, 0)))
		return
	case json.RawMessage:
		value.SetBytes([]byte(`"` + at + `"`))
		return
	case Rule:
		value.Set(reflect.ValueOf(EmailRule(at)))
		return
	}
	switch value.Kind() {
	case reflect.String:
		value.SetString(at)
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int64:
		value.SetInt(7)
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(t, value.Elem(), at)
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		fill(t, value.Index(0), at)
	case reflect.Struct:
		for i := range value.NumField() {
			fill(t, value.Field(i), at+"."+value.Type().Field(i).Name)
		}
	default:
		t.Fatalf("%s is a %s, which this test can't fill", at, value.Kind())
	}
}

// filled is a thing with a value in every field.
func filled[T any](t *testing.T) T {
	t.Helper()
	var thing T
	fill(t, reflect.ValueOf(&thing).Elem(), "have")
	return thing
}

// checkEachFieldIsPutBack fails on a field that a run sets and that isn't in the kind's list of settings: a plan wouldn't tell of it,
// and undoing would leave it. elsewhere are fields that another step moves, with how that one puts them back.
func checkEachFieldIsPutBack[T any](t *testing.T, have, want T, settings []setting[T], put func(before, given, now T) (T, []string), elsewhere map[string]func(before, given T) T) {
	t.Helper()
	changed := 0
	for i := range reflect.TypeFor[T]().NumField() {
		name := reflect.TypeFor[T]().Field(i).Name
		given := have
		reflect.ValueOf(&given).Elem().Field(i).Set(reflect.ValueOf(want).Field(i))
		if cmp.Equal(have, given) {
			continue
		}
		changed++
		var back T
		if by, other := elsewhere[name]; other {
			back = by(have, given)
		} else {
			if back, _ = put(have, given, given); len(differences(settings, have, given)) == 0 {
				t.Errorf("a run sets %T.%s, and no plan tells of it", have, name)
			}
		}
		if diff := cmp.Diff(have, back); diff != "" {
			t.Errorf("a run sets %T.%s, and undoing doesn't put it back (-before +after):\n%s", have, name, diff)
		}
	}
	if changed == 0 {
		t.Errorf("nothing of %T is changed: the test tries nothing", have)
	}
}

// everything is a document and a state that differ in all that a run can set.
func everything(t *testing.T, adopted bool) (connection.Spec, State) {
	t.Helper()
	spec := connection.Spec{
		Name: "acme", Okta: connection.OktaSpec{AssignGroups: []string{"Engineering"}}, Cloudflare: connection.CloudflareSpec{PKCE: new(false)},
	}.WithDefaults()
	have := State{
		OktaURL: "https://acme.okta.com", AuthDomain: "acme.cloudflareaccess.com", Groups: []FoundGroup{{Name: "Engineering", IDs: []string{"00g1"}}},
		Named: []FoundApplication{{Entry: "wiki.example", IDs: []string{"wiki"}}},
		App:   new(filled[App](t)), IdentityProvider: new(filled[IdentityProvider](t)), Policy: new(filled[AccessPolicy](t)),
	}
	have.App.Adopted, have.IdentityProvider.Adopted, have.Policy.Adopted = adopted, adopted, adopted
	return spec, have
}

func TestEverySettingThatIsWanted_IsToldAndPutBack(t *testing.T) {
	t.Parallel()
	for _, adopted := range []bool{false, true} {
		t.Run(fmt.Sprintf("adopted %v", adopted), func(t *testing.T) {
			t.Parallel()
			spec, have := everything(t, adopted)
			byOtherSteps := map[string]func(before, given App) App{
				"Claim": func(before, given App) App {
					given.Claim, _ = PutClaimBack(before.Claim, given.Claim, given.Claim)
					return given
				},
				"Groups": func(before, given App) App { // each is assigned or unassigned by a step of its own
					if changes := diffGroups(&before, given); len(changes) != 2 {
						t.Errorf("the groups are changed by %v", changes)
					}
					given.Groups = before.Groups
					return given
				},
			}
			checkEachFieldIsPutBack(t, *have.App, WantApp(spec, have, "new"), appSettings, PutAppBack, byOtherSteps)
			checkEachFieldIsPutBack(t, *have.App, WantMemory(spec, have, *have.App, "i", "p", HandedSecret{ID: "s"}), memorySettings, PutMemoryBack, nil)
			checkEachFieldIsPutBack(t, *have.App, RememberApplications(*have.App, have), wholeApp, PutAppBack, nil)
			checkEachFieldIsPutBack(t, *have.App.Claim, *wantClaim(spec, have), claimSettings, putClaimBack, nil)
			checkEachFieldIsPutBack(t, *have.IdentityProvider, WantIdentityProvider(spec, have, "new"), identityProviderSettings, PutIdentityProviderBack, nil)
			checkEachFieldIsPutBack(t, *have.Policy, WantPolicy(spec, have, "new"), policySettings, PutPolicyBack, nil)
		})
	}
}

func putClaimBack(before, given, now Claim) (Claim, []string) {
	back, left := PutClaimBack(&before, &given, &now)
	return valueOf(back), left
}

// TestMemory_EveryFieldCounts: a field of the memory that sameMemory leaves out would be old for ever. Who wrote it, and when, and
// who made the app alone say nothing of the connection.
func TestMemory_EveryFieldCounts(t *testing.T) {
	t.Parallel()
	whole := filled[Memory](t)
	for i := range reflect.TypeFor[Memory]().NumField() {
		field, other := reflect.TypeFor[Memory]().Field(i), whole
		reflect.ValueOf(&other).Elem().Field(i).SetZero()
		if writer := strings.Contains("Run Started MadeBy", field.Name); sameMemory(&whole, &other) != writer {
			t.Errorf("a memory without %s is the same: %v", field.Name, !writer)
		}
	}
}
