package faults

import (
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// What the matrix judges by is tested too: a check that sees nothing would hold every time.

func TestCanonical_SameThingsUnderOtherIDs_IsTheSame(t *testing.T) {
	state := func(app, secret, provider, refers, connection string) string {
		return `{"apps":[{"id":"` + app + `","label":"Access","client_id":"accessbridge-` + connection + `-0123abcd",` +
			`"secrets":[{"id":"ocs1","sha256":"` + secret + `"}]}],` +
			`"providers":[{"id":"` + provider + `","name":"Okta","config":{"client_secret":"sha256:` + secret + `"}}],` +
			`"policies":[{"id":"` + app + `p","name":"Staff","login_method":"` + refers + `"}]}`
	}
	first, err := canonical(state("app1", "aa11", "idp1", "idp1", "case-1"), "case-1")
	if err != nil {
		t.Fatal(err)
	}
	for other, same := range map[string]bool{
		state("app2", "bb22", "idp2", "idp2", "case-2"):                                                   true,
		state("app2", "bb22", "idp2", "idp1", "case-2"):                                                   false, // it refers to something else
		state("app2", "bb22", "idp2", "idp2", "case-1"):                                                   false, // it is of another connection
		strings.Replace(state("app2", "bb22", "idp2", "idp2", "case-2"), "sha256:bb22", "sha256:cc33", 1): false,
	} {
		second, err := canonical(other, "case-2")
		if err != nil {
			t.Fatal(err)
		}
		if (first == second) != same {
			t.Errorf("the same: %v, want %v, for\n%s\n%s", first == second, same, first, second)
		}
	}
}

func TestGone_ThingThatIsDeleted_IsNamed(t *testing.T) {
	const before = `{"apps":[{"id":"app1","label":"Access","secrets":[{"id":"ocs1","sha256":"aa11"}]}],"policies":[{"id":"p1","name":"Staff"}]}`
	if found := gone(before, strings.Replace(before, "Access", "Renamed", 1)); len(found) != 0 {
		t.Errorf("what changed is not gone: %q", found)
	}
	if found := gone(before, strings.Replace(before, `"p1"`, `"p2"`, 1)); len(found) != 1 || !strings.HasPrefix(found[0], "Staff (p1) is gone") {
		t.Errorf("gone: %q, want the policy", found)
	}
}

func TestLedger_SecondThingWhileTheFirstIsThere_IsATwin(t *testing.T) {
	var l ledger
	l.clear()
	post := callOf(okta, kit.Request{Method: "POST", Path: "/api/v1/apps?activate=true"})
	remove := callOf(okta, kit.Request{Method: "DELETE", Path: "/api/v1/apps/0oa45678901234567890"})
	l.note(post)
	l.note(remove)
	l.note(post)
	if found := l.found(); len(found) != 0 {
		t.Errorf("one after the other are no twins: %q", found)
	}
	l.note(post)
	if found := l.found(); len(found) != 1 {
		t.Errorf("twins: %q, want one", found)
	}
}

func TestCallsOf_SameCallTwice_IsNumberedAndCountsWhatCameBefore(t *testing.T) {
	start := time.Now()
	request := func(method, path string, after time.Duration) kit.Request {
		return kit.Request{Method: method, Path: path, Time: start.Add(after)}
	}
	calls := callsOf(map[string][]kit.Request{okta: {
		request("GET", "/api/v1/apps/0oa45678901234567890", 0),
		request("GET", "/api/v1/apps/0oaABCDEFGHIJKLMNOPQ?expand=x", 2),
		request("GET", "/api/v1/apps/0oaABCDEFGHIJKLMNOPQ/groups", 3),
	}}, start.Add(1))
	if len(calls) != 2 || calls[0].String() != "GET /api/v1/apps/{id} (2)" || calls[1].occurrence != 1 {
		t.Errorf("calls: %v", calls)
	}
}

func TestUnsaid_WhatIsLeftAndNotNamed_IsNamed(t *testing.T) {
	const before, after = `{"apps":[]}`, `{"apps":[{"id":"app1","label":"Access","status":"ACTIVE"}]}`
	if found := unsaid(before, after, []string{`Okta app "Access" is used by others, and is left`}); len(found) != 0 {
		t.Errorf("the run said so: %q", found)
	}
	if found := unsaid(before, after, nil); len(found) != 1 || !strings.Contains(found[0], "Access (app1) is left") {
		t.Errorf("unsaid: %q, want the app", found)
	}
}

func TestMeddling_WhatSomeoneMadeIsChanged_IsToldToTheLetter(t *testing.T) {
	policy := func(name string) string { return `{"policies":[{"id":"p1","name":"` + name + `","include":[]}]}` }
	m := meddling{ours: `{"policies":[]}`, theirs: policy("theirs")}
	if found := m.kept(policy("theirs")); len(found) != 0 {
		t.Errorf("nothing was changed: %q", found)
	}
	for _, after := range []string{policy("ours"), `{"policies":[]}`} {
		if found := m.kept(after); len(found) != 1 {
			t.Errorf("kept: %q, want one for %s", found, after)
		}
	}
}

func TestWithoutHanded_MemoryOfTheSecret_IsAllThatIsLeftOut(t *testing.T) {
	state := func(secret string) string {
		shape, err := canonical(`{"apps":[{"id":"app1","label":"Access","profile":{"memory":{`+secret+`"identity_provider":"idp1"}}}]}`, "case-1")
		if err != nil {
			t.Fatal(err)
		}
		return withoutHanded(shape)
	}
	if with, without := state(`"client_secret":{"id":"ocs1","hash":"h"},`), state(""); with != without {
		t.Errorf("with it:\n%s\nwithout:\n%s", with, without)
	}
}
