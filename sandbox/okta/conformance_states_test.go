package okta_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// state is how an org is when an exchange is repeated.
type state struct {
	// org says what kind of org it was recorded with.
	org func(*okta.Config)
	// steps bring it into the state.
	steps []step
	// only picks items out of a list, where the recording has a choice of them.
	only func(any) bool
}

type step func(*testing.T, *scene)

// scene is an org in which recorded exchanges are repeated with the ids that it gives.
type scene struct {
	*fixture
	recordings map[string]recording
	// ids are by kind, such as 0oa: they stand where the recording has an id of that kind.
	ids map[string]string
}

var recordedID = regexp.MustCompile(`\b(0oa|00g|00u|rst|aus|aut|ocl)[0-9A-Za-z]{17}\b`)

// repeat sends a recorded request.
func (s *scene) repeat(t *testing.T, number string) response {
	t.Helper()
	request := s.recordings[number].Request
	own := func(text string) string {
		return recordedID.ReplaceAllStringFunc(text, func(id string) string {
			if ours, ok := s.ids[id[:3]]; ok {
				return ours
			}
			return id
		})
	}
	if len(request.Body) == 0 || string(request.Body) == "null" {
		return s.call(t, request.Method, own(request.Path), nil)
	}
	// The secrets were taken out of the recordings: any good one stands for them.
	body := strings.ReplaceAll(own(string(request.Body)), "SCRUBBED", "a-secret-that-is-long-enough")
	return s.call(t, request.Method, own(request.Path), json.RawMessage(body))
}

// done repeats a recorded exchange, and goes on with the id that its answer has.
func done(number string) step {
	return func(t *testing.T, s *scene) {
		t.Helper()
		answer := s.repeat(t, number)
		if answer.status >= 300 {
			t.Fatalf("recording %s: %d %s", number, answer.status, answer.body)
		}
		var body struct{ ID string }
		if json.Unmarshal(answer.body, &body) == nil && len(body.ID) == 20 {
			s.ids[body.ID[:3]] = body.ID
		}
	}
}

// group makes a group.
func group(name string) step {
	return func(_ *testing.T, s *scene) {
		s.ids["00g"] = s.org.CreateGroup(okta.Group{Name: name, Description: "testing, testing"})
	}
}

// assigned assigns a new group to the app.
func assigned(name string) step {
	return func(t *testing.T, s *scene) {
		group(name)(t, s)
		if err := s.org.AssignGroup(s.ids["0oa"], s.ids["00g"]); err != nil {
			t.Fatal(err)
		}
	}
}

// accessPolicy makes the exchange be about the app's own sign-in policy.
func accessPolicy(t *testing.T, s *scene) {
	app := s.call(t, "GET", "/api/v1/apps/"+s.ids["0oa"], nil).must(t, 200).object(t)
	href := dig(app, "_links", "accessPolicy", "href").(string)
	s.ids["rst"] = href[strings.LastIndex(href, "/")+1:]
}

// systemApp makes the exchange be about an app of Okta's own.
func systemApp(t *testing.T, s *scene) {
	s.ids["0oa"] = s.call(t, "GET", "/api/v1/apps?q=saasure", nil).must(t, 200).list(t)[0]["id"].(string)
}

// keyApps makes two apps with one label that authenticate with a key of their own.
func keyApps(t *testing.T, s *scene) {
	for range 2 {
		body := setClient(appBody("testAcc_2258768224"), "token_endpoint_auth_method", "private_key_jwt")
		body["settings"] = map[string]any{"oauthClient": map[string]any{
			"application_type": "service", "grant_types": []string{"client_credentials"}, "response_types": []string{"token"},
			"participate_slo": false,
			"jwks": map[string]any{"keys": []any{
				map[string]any{"kty": "RSA", "kid": "SIGNING_KEY_RSA", "use": nil, "e": "AQAB", "n": "AQAB"},
			}},
		}}
		s.call(t, "POST", "/api/v1/apps", body).must(t, 200)
	}
}

// person makes the exchange be about somebody of the org.
func person(t *testing.T, s *scene) {
	s.ids["00u"] = s.call(t, "GET", "/api/v1/users", nil).must(t, 200).list(t)[0]["id"].(string)
}

// authenticator makes the exchange be about an authenticator of the org.
func authenticator(t *testing.T, s *scene) {
	s.ids["aut"] = s.call(t, "GET", "/api/v1/authenticators", nil).must(t, 200).list(t)[0]["id"].(string)
}

// failing makes the next request fail in passing: nothing that a caller does brings about what was recorded.
func failing(status int) step {
	return func(_ *testing.T, s *scene) { s.kit.Inject(kit.Fault{Kind: kit.KindStatus, Status: status, Count: 1}) }
}

// namesakes are two people of one name.
func namesakes(c *okta.Config) {
	for _, login := range []string{"one@acme.example", "two@acme.example"} {
		c.Users = append(c.Users, okta.User{Login: login, FirstName: "TestAcc", LastName: "Smith"})
	}
}

// nothing leaves all items out of a list whose body wasn't recorded.
func nothing(any) bool { return false }

func classic(c *okta.Config)         { c.OIE = false }
func universalLogout(c *okta.Config) { c.UniversalLogout = true }
func licensed(c *okta.Config)        { c.AuthorizationServers = true }

func administrators(c *okta.Config) {
	c.OIE = false
	c.Groups = append(c.Groups, okta.Group{Name: "Okta Administrators", Type: "BUILT_IN"})
}

// states are the states in which the exchanges were recorded, by number.
var states = map[string]state{
	"01": {},
	"02": {steps: []step{done("01")}},
	"03": {},
	"04": {steps: []step{done("01"), accessPolicy}},
	"05": {steps: []step{done("01"), done("02")}},
	"06": {steps: []step{done("01"), done("02")}},
	"07": {steps: []step{done("01")}},
	"08": {steps: []step{done("01"), done("07")}},
	// The org is called classic, but its apps have a sign-in policy, which only Identity Engine has.
	"09": {},
	"10": {},
	"11": {steps: []step{done("10"), done("02")}},
	"12": {steps: []step{done("10"), done("11")}},
	"13": {steps: []step{done("10")}},
	"14": {org: universalLogout},
	"15": {steps: []step{done("01")}},
	"16": {steps: []step{done("01"), done("15")}},
	"17": {steps: []step{done("14")}},
	"18": {steps: []step{done("14")}},
	"19": {org: universalLogout, steps: []step{done("01")}},
	"20": {org: universalLogout, steps: []step{done("01"), done("19")}},
	"21": {org: universalLogout, steps: []step{done("01"), done("19")}},
	"22": {org: universalLogout, steps: []step{done("01"), done("19"), done("21")}},
	// The app was updated before it was listed.
	"23": {steps: []step{done("01"), done("42"), func(t *testing.T, s *scene) {
		if err := s.org.RenameApp(s.ids["0oa"], "testAcc_2849725357"); err != nil {
			t.Fatal(err)
		}
	}}},
	"24": {steps: []step{done("01")}},
	"25": {org: universalLogout},
	// The recording has the apps with this label only.
	"26": {org: universalLogout, steps: []step{keyApps}, only: func(item any) bool {
		return dig(item, "label") == "testAcc_2258768224"
	}},
	"27": {},
	"28": {steps: []step{done("27")}},
	"29": {steps: []step{done("01"), group("first")}},
	"30": {steps: []step{done("01"), assigned("first"), group("second")}},
	"31": {steps: []step{done("01"), assigned("first")}},
	"32": {steps: []step{done("01"), assigned("first"), assigned("second"), assigned("third")}},
	"33": {steps: []step{done("01"), assigned("first"), assigned("second"), assigned("third")}},
	"34": {steps: []step{done("01"), assigned("first")}},
	"35": {},
	"36": {org: classic, steps: []step{group("testAcc_1056686360"), group("testAcc_1056686360_MORE")}},
	"37": {org: classic, steps: []step{group("testAcc_161335912"), group("testAcc_4208174747 - Test 1")}},
	"38": {org: administrators},
	"39": {},
	"40": {org: namesakes, only: nothing},
	"41": {steps: []step{done("01"), done("07")}},
	"42": {steps: []step{done("01")}},
	"43": {steps: []step{systemApp}},
	"44": {},
	"45": {},
	"46": {steps: []step{done("01")}},
	"47": {steps: []step{group("owned"), person, done("47")}},
	"48": {},
	"49": {},
	"50": {steps: []step{authenticator}},
	"51": {steps: []step{group("ruled"), failing(423)}},
	"52": {steps: []step{done("01"), done("07"), failing(500)}},
	"53": {steps: []step{done("01"), done("07")}},
	"54": {org: licensed},
	"55": {org: licensed, steps: []step{done("54")}},
	"56": {org: licensed, steps: []step{done("54")}},
	"57": {org: licensed, steps: []step{done("54"), done("55")}},
	"58": {org: licensed, steps: []step{done("54"), done("55")}},
	"59": {org: licensed, steps: []step{done("54")}},
	"60": {org: licensed, steps: []step{done("54")}},
	"61": {org: classic},
	"62": {org: classic},
}
