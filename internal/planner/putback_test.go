package planner

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/accessbridge/accessbridge/connection"
)

// Where a setting is when a run is undone.
const (
	asBefore = iota // the run didn't reach it, or an earlier attempt put it back
	asGiven         // as the run set it
	theirs          // someone else changed it since
)

// checkPutBack holds for every setting of a kind by itself. The three things differ in each: as before the run, as the run makes
// it, as someone else does. What the run changed and nobody touched is exactly as before again; what someone else changed
// stays, and is named when the run had changed it too. What is hidden can't be read back, and is taken for what the run gave.
func checkPutBack[T any](t *rapid.T, settings []setting[T], before, moved, others T, title func(T) string, put func(before, given, now T) (T, []string), hidden ...string) {
	given, now := before, before
	var untouched, named []setting[T]
	for i, each := range settings {
		if each.same(before, moved) || each.same(before, others) || each.same(moved, others) {
			t.Fatalf("setting %d, %s, is the same in two of the things: the test doesn't try it", i, each.name)
		}
		changed := rapid.Bool().Draw(t, fmt.Sprintf("setting %d: changed by the run", i))
		if changed {
			each.give(&given, moved)
		}
		is := rapid.IntRange(asBefore, theirs).Draw(t, fmt.Sprintf("setting %d: is now", i))
		if slices.Contains(hidden, each.name) {
			is = asGiven
		}
		switch is {
		case asBefore:
			untouched = append(untouched, each)
		case asGiven:
			untouched = append(untouched, each)
			each.give(&now, given)
		case theirs:
			each.give(&now, others)
			if changed {
				named = append(named, each)
			}
		}
	}
	want, wantLeft := now, []string(nil)
	for _, each := range untouched {
		each.give(&want, before)
	}
	for _, each := range named {
		wantLeft = appendNew(wantLeft, fmt.Sprintf("%s of %s was changed by someone else since, and is left as it is", each.title, title(now)))
	}
	back, left := put(before, given, now)
	if diff := cmp.Diff(want, back); diff != "" {
		t.Fatalf("put back (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantLeft, left); diff != "" {
		t.Fatalf("left (-want +got):\n%s", diff)
	}
}

// words are three texts that differ, "" among them now and then.
func words(t *rapid.T, of string) [3]string {
	all := rapid.Permutation([]string{"", "a", "b", "c"}).Draw(t, of)
	return [3]string(all[:3])
}

// ids are three lists that differ as sets.
func ids(t *rapid.T, of string) [3][]string {
	all := rapid.Permutation([][]string{nil, {"1"}, {"2", "1"}, {"1", "2", "3"}}).Draw(t, of)
	return [3][]string(all[:3])
}

// memories are three that differ, none at all among them.
func memories(t *rapid.T) [3]*Memory {
	all := rapid.Permutation([]*Memory{
		nil, {IdentityProvider: "1"}, {Policies: []string{"1"}}, {Groups: []string{"1"}}, {Secret: HandedSecret{Hash: "1"}}, {Document: json.RawMessage(`{}`)},
	}).Draw(t, "memories")
	return [3]*Memory(all[:3])
}

// apps are three apps that differ in everything that a run changes of one.
func apps(t *rapid.T) (apps [3]App) {
	labels, statuses, clients, connections := words(t, "labels"), words(t, "statuses"), words(t, "client ids"), words(t, "connections")
	encryptions := words(t, "encryptions")
	redirects, kept, applications, remembered := ids(t, "redirect URIs"), ids(t, "kept"), ids(t, "applications"), memories(t)
	for i := range apps {
		apps[i] = App{
			ID: "0oa1", Label: labels[i], Status: statuses[i], ClientID: clients[i], Connection: connections[i],
			IDTokenEncryption: encryptions[i], RedirectURIs: redirects[i], Kept: kept[i], Applications: applications[i], Memory: remembered[i],
		}
	}
	return apps
}

func TestPutAppBack_EverySetting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		apps := apps(t)
		title := func(now App) string { return Title(connection.ResourceApp, now.Label) }
		// Of a switch there are no three that differ: TestPutAppBack_FederationBrokerMode.
		settings := slices.DeleteFunc(slices.Clone(wholeApp), func(each setting[App]) bool { return each.name == "federation_broker_mode" })
		checkPutBack(t, settings, apps[0], apps[1], apps[2], title, PutAppBack)
	})
}

func TestPutAppBack_FederationBrokerMode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ before, given, now, back bool }{
		"turned off by the run":                  {true, false, false, true},
		"turned off by the run, and on by hand":  {true, false, true, true},
		"not looked at by a run of old, and on":  {false, false, true, true},
		"not looked at by a run of old, and off": {false, false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			back, left := PutAppBack(App{Broker: test.before}, App{Broker: test.given}, App{Broker: test.now})
			if back.Broker != test.back || left != nil {
				t.Errorf("put back to %v, left %q", back.Broker, left)
			}
		})
	}
}

func TestPutMemoryBack_EverySetting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		apps := apps(t)
		title := func(now App) string { return Title(connection.ResourceApp, now.Label) }
		checkPutBack(t, memorySettings, apps[0], apps[1], apps[2], title, PutMemoryBack)
	})
}

func TestPutIdentityProviderBack_EverySetting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		names, clients, accounts, secrets := words(t, "names"), words(t, "client ids"), words(t, "accounts"), words(t, "secrets")
		pkce := rapid.Permutation([]*bool{nil, new(true), new(false)}).Draw(t, "PKCE")
		tokens := rapid.Permutation([]*string{nil, new(""), new("one"), new("two")}).Draw(t, "tokens for group look-up")
		var all [3]IdentityProvider
		for i := range all {
			all[i] = IdentityProvider{ID: "idp1", Name: names[i], ClientID: clients[i], OktaAccount: accounts[i], SecretID: secrets[i], PKCE: pkce[i], LookupToken: tokens[i]}
		}
		title := func(now IdentityProvider) string { return Title(connection.ResourceIdentityProvider, now.Name) }
		// What secret and what token it holds can't be read back: TestPutIdentityProviderBack_TheSecretIsTheEarlierOne and _LookupToken.
		readable := slices.DeleteFunc(slices.Clone(identityProviderSettings), func(each setting[IdentityProvider]) bool {
			return each.name == "client_secret" || each.name == LookupTokenSetting
		})
		checkPutBack(t, readable, all[0], all[1], all[2], title, PutIdentityProviderBack, "client_secret", LookupTokenSetting)
	})
}

func TestPutIdentityProviderBack_TheSecretIsTheEarlierOne(t *testing.T) {
	t.Parallel()
	before, given := IdentityProvider{Name: "Okta", SecretID: "ocs1"}, IdentityProvider{Name: "Okta", SecretID: "ocs2"}
	if back, left := PutIdentityProviderBack(before, given, IdentityProvider{Name: "Okta"}); back.SecretID != "ocs1" || left != nil {
		t.Errorf("put back with secret %q, left %q", back.SecretID, left)
	}
	if back, _ := PutIdentityProviderBack(before, before, IdentityProvider{Name: "Okta"}); DiffIdentityProvider(&before, back).Action != connection.ActionUnchanged {
		t.Errorf("one that the run didn't hand over is put back as %+v", back)
	}
}

func TestPutPolicyBack_EverySetting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules := func(of string) [3][]Rule {
			all := rapid.Permutation([][]Rule{nil, {EmailRule("a")}, {EmailRule("b"), EmailRule("a")}, {LoginMethodRule("a")}, {OktaGroupRule("a", "b")}}).Draw(t, of)
			return [3][]Rule(all[:3])
		}
		names, decisions, include, require, exclude := words(t, "names"), words(t, "decisions"), rules("include"), rules("require"), rules("exclude")
		var all [3]AccessPolicy
		for i := range all {
			all[i] = AccessPolicy{ID: "policy1", Name: names[i], Decision: decisions[i], Include: include[i], Require: require[i], Exclude: exclude[i]}
		}
		title := func(now AccessPolicy) string { return Title(connection.ResourcePolicy, now.Name) }
		checkPutBack(t, policySettings, all[0], all[1], all[2], title, PutPolicyBack)
	})
}

// TestPutClaimBack_AnySettingOfIt: Okta replaces the claim as a whole, so a difference in any of its settings counts.
func TestPutClaimBack_AnySettingOfIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := &Claim{Name: "groups", ValueType: "GROUPS", Filter: "REGEX", Value: ".*"}
		changed := func(to string, of string) *Claim {
			claim := *before
			rapid.SampledFrom(claimSettings).Draw(t, of).give(&claim, Claim{Name: to, ValueType: to, Filter: to, Value: to})
			return rapid.SampledFrom([]*Claim{&claim, nil}).Draw(t, of+", or none")
		}
		given, others := changed("given", "the run's"), changed("theirs", "someone's")
		for now, want := range map[*Claim]*Claim{given: before, before: before, others: others} {
			if SameClaim(given, others) && now == others {
				continue // someone did the same
			}
			back, left := PutClaimBack(before, given, now)
			if !SameClaim(back, want) || (len(left) == 1) != (want == others) {
				t.Fatalf("before %+v, given %+v, now %+v: put back to %+v, left %v", before, given, now, back, left)
			}
		}
		if back, left := PutClaimBack(before, before, others); !SameClaim(back, others) || left != nil {
			t.Fatalf("what the run didn't change became %+v, left %v", back, left)
		}
	})
}

// TestPutBack_OrderOfAList_IsPutBackToo although it means nothing: someone may compare.
func TestPutBack_OrderOfAList_IsPutBackToo(t *testing.T) {
	t.Parallel()
	before, now := App{RedirectURIs: []string{"b", "a"}}, App{RedirectURIs: []string{"a", "b"}}
	back, left := PutAppBack(before, App{RedirectURIs: []string{"c"}}, now)
	if diff := cmp.Diff(before, back); diff != "" || left != nil {
		t.Errorf("left %v, put back (-want +got):\n%s", left, diff)
	}
}
