package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// actions lists what a run did, by resource and name.
func actions(changes []connection.Change, but connection.Action) []string {
	var lines []string
	for _, change := range changes {
		if change.Action != but {
			lines = append(lines, string(change.Action)+" "+string(change.Resource)+" "+change.Name)
		}
	}
	return lines
}

func TestConnect_FreshOrg_ConnectsAsDocumented(t *testing.T) {
	b := setUp(t, nil)
	result := b.connect(b.spec())
	want := []string{
		"create Okta app Cloudflare Access", "create groups claim groups", "create identity provider Okta",
		"create group assignment Engineering", "create group assignment Support", "create Access policy Okta staff",
	}
	if diff := cmp.Diff(want, actions(result.Changes, "")); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("both sides hold %+v, want %+v", got, want)
	}
	if len(result.Checks) != 7 {
		t.Errorf("%d checks, want 7", len(result.Checks))
	}
	for _, check := range result.Checks {
		if !check.Passed {
			t.Errorf("check %q failed: %s", check.Name, check.Detail)
		}
	}
}

func TestConnect_Again_ChangesNothing(t *testing.T) {
	b := setUp(t, nil)
	first := b.connect(b.spec())
	before := b.state()
	second := b.connect(b.spec())
	if got := actions(second.Changes, connection.ActionUnchanged); got != nil {
		t.Errorf("the second run changed %v", got)
	}
	if first.ClientID != second.ClientID || first.IdentityProviderID != second.IdentityProviderID || first.PolicyID != second.PolicyID {
		t.Errorf("the second run tells of other things: %+v, %+v", first, second)
	}
	b.unchanged(before)
}

func TestConnect_EditedDocument_ChangesThatAlone(t *testing.T) {
	for name, test := range map[string]struct {
		edit func(*connection.Spec)
		want []string
	}{
		"another label": {func(s *connection.Spec) { s.Okta.AppLabel = "Access" }, []string{"update Okta app Access"}},
		"narrower claim": {func(s *connection.Spec) {
			s.Okta.GroupsClaim = connection.GroupsClaim{Filter: "STARTS_WITH", Value: "Eng"}
		}, []string{"update groups claim groups"}},
		"one group more":    {func(s *connection.Spec) { s.Okta.AssignGroups = append(s.Okta.AssignGroups, "Sales") }, []string{"create group assignment Sales"}},
		"one group less":    {func(s *connection.Spec) { s.Okta.AssignGroups = []string{"Engineering"} }, []string{"delete group assignment Support"}},
		"another IdP name":  {func(s *connection.Spec) { s.Cloudflare.IDPName = "Sign in" }, []string{"update identity provider Sign in"}},
		"no PKCE":           {func(s *connection.Spec) { s.Cloudflare.PKCE = new(false) }, []string{"update identity provider Okta"}},
		"another policy":    {func(s *connection.Spec) { s.Policy.Name = "Staff" }, []string{"update Access policy Staff"}},
		"other people":      {func(s *connection.Spec) { s.Policy.Allow.EmailDomains = []string{"acme.example"} }, []string{"update Access policy Okta staff"}},
		"an application":    {func(s *connection.Spec) { s.Policy.Applications = []string{"wiki.acme.example"} }, []string{"create application attachment wiki.acme.example"}},
		"nothing of effect": {func(s *connection.Spec) { s.TimeBudget *= 2 }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			b.connect(b.spec())
			before := b.state()
			edited := b.spec()
			test.edit(&edited)
			result := b.connect(edited)
			if diff := cmp.Diff(test.want, actions(result.Changes, connection.ActionUnchanged)); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if again := b.connect(edited); actions(again.Changes, connection.ActionUnchanged) != nil {
				t.Errorf("the next run changed %v", actions(again.Changes, connection.ActionUnchanged))
			}
			b.connect(b.spec())
			b.unchanged(before)
		})
	}
}

// TestConnect_Groups_HaveTheOrderOfTheDocument although they are assigned at the same time: whoever imports them into Terraform sees it.
func TestConnect_Groups_HaveTheOrderOfTheDocument(t *testing.T) {
	b := setUp(t, nil)
	org := b.Sandbox.Orgs["acme"].Org
	spec := b.spec()
	spec.Okta.AssignGroups = []string{"Support", "Everyone", "Engineering"}
	spec.Policy.Allow.Groups = []string{"Support", "Engineering"}
	result := b.connect(spec)
	spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "Sales")
	b.connect(spec)
	for at, group := range spec.Okta.AssignGroups {
		if got, want := assignmentOf(b.state(), org.GroupID(group)), fmt.Sprintf(`"priority": %d`, at+1); !strings.Contains(got, want+",") && !strings.Contains(got, want+"\n") {
			t.Errorf("group %s is assigned as %s, want %s", group, got, want)
		}
	}
	policy := b.Sandbox.API.API.Policies(b.Sandbox.Accounts["acme"].ID)[0]
	encoded, err := json.Marshal(policy["include"])
	if err != nil {
		t.Fatal(err)
	}
	order := []string{`"Support"`, `"Engineering"`, `"ceo@acme.example"`}
	for i := range order[1:] {
		if strings.Index(string(encoded), order[i]) > strings.Index(string(encoded), order[i+1]) || !strings.Contains(string(encoded), order[i]) {
			t.Errorf("the rules of policy %s are in another order: %s", result.PolicyID, encoded)
		}
	}
}

func TestDisconnect_AfterConnect_LeavesBothSidesAsBefore(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	spec := b.spec()
	spec.Policy.Applications = []string{"wiki.acme.example"}
	b.connect(spec)
	result := b.result(b.start(connection.DisconnectWorkflow, spec))
	if result.State != connection.RunDisconnected {
		t.Errorf("state is %s, want %s", result.State, connection.RunDisconnected)
	}
	b.unchanged(before)
	if again := b.result(b.start(connection.DisconnectWorkflow, spec)); len(again.Changes) != 0 {
		t.Errorf("a second disconnect deleted %v", again.Changes)
	}
}

func TestConnect_TwoConnectionsAttachToOneApplication_BothStay(t *testing.T) {
	b := setUp(t, nil)
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: "*/access/apps/*", Kind: kit.KindDelay, Delay: kit.Duration(300 * time.Millisecond)})
	one, two := b.spec(), b.spec()
	two.Name, two.Okta.AppLabel, two.Cloudflare.IDPName, two.Policy.Name = b.name+"-two", "Two", "Two", "Two"
	one.Policy.Applications, two.Policy.Applications = []string{"wiki.acme.example"}, []string{"wiki.acme.example"}
	for _, step := range []struct {
		workflow string
		want     int
	}{{connection.ConnectWorkflow, 2}, {connection.DisconnectWorkflow, 0}} {
		first, second := b.start(step.workflow, one), b.start(step.workflow, two)
		b.result(first)
		b.result(second)
		for _, each := range b.Sandbox.API.API.Applications(b.Sandbox.Accounts["acme"].ID) {
			if policies, _ := each["policies"].([]any); each["domain"] == "wiki.acme.example" && len(policies) != step.want {
				t.Errorf("after %s the application uses %d policies, want %d", step.workflow, len(policies), step.want)
			}
		}
	}
}
