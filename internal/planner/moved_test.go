package planner_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// anyDocument is a document with anything in it that has a say in what is wanted.
func anyDocument(t *rapid.T) connection.Spec {
	names := rapid.StringN(1, 8, 16)
	groups := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Engineering", "Support", "Sales"}), 1, 3, rapid.ID[string]).Draw(t, "groups")
	return connection.Spec{
		Name: "acme",
		Okta: connection.OktaSpec{
			AppLabel: names.Draw(t, "label"), AssignGroups: groups,
			GroupsClaim: connection.GroupsClaim{
				Filter: rapid.SampledFrom([]connection.ClaimFilter{connection.FilterRegex, connection.FilterEquals}).Draw(t, "filter"), Value: names.Draw(t, "value"),
			},
		},
		Cloudflare: connection.CloudflareSpec{IDPName: names.Draw(t, "identity provider"), PKCE: new(rapid.Bool().Draw(t, "PKCE"))},
		Policy: connection.PolicySpec{Name: names.Draw(t, "policy"), Allow: connection.Allow{
			Groups: rapid.SliceOfDistinct(rapid.SampledFrom(groups), rapid.ID).Draw(t, "allowed groups"),
			Emails: rapid.SliceOf(names).Draw(t, "e-mails"), EmailDomains: rapid.SliceOf(names).Draw(t, "domains"),
		}},
		Adopt: rapid.Bool().Draw(t, "adopt"),
	}.WithDefaults()
}

// anyState is any state of both sides: nothing, what an earlier document left, or what someone made of it.
func anyState(t *rapid.T) planner.State {
	texts, some := rapid.SampledFrom([]string{"", "a", "b", "Okta"}), rapid.SliceOfDistinct(rapid.SampledFrom([]string{"wiki", "hub", "crm"}), rapid.ID[string])
	state := planner.State{
		OktaURL: "https://acme.okta.com", AuthDomain: "acme.cloudflareaccess.com",
		Groups: []planner.FoundGroup{{Name: "Engineering", IDs: []string{"00g1"}}, {Name: "Support", IDs: []string{"00g2"}}, {Name: "Sales", IDs: []string{"00g3"}}},
	}
	for _, id := range some.Draw(t, "named applications") {
		state.Named = append(state.Named, planner.FoundApplication{Entry: id + ".example", IDs: []string{id}})
	}
	if rapid.Bool().Draw(t, "app") {
		state.App = &planner.App{
			ID: "0oa1", Label: texts.Draw(t, "label"), ClientID: texts.Draw(t, "client id"), Status: texts.Draw(t, "status"), Connection: texts.Draw(t, "connection"),
			RedirectURIs: some.Draw(t, "redirect URIs"), Kept: some.Draw(t, "kept"), Applications: some.Draw(t, "applications"), Adopted: rapid.Bool().Draw(t, "adopted"),
			Claim:  rapid.SampledFrom([]*planner.Claim{nil, {Name: "groups"}, {Name: "x", ValueType: "EXPRESSION"}}).Draw(t, "claim"),
			Groups: []planner.Group{{ID: "00g1"}, {ID: "00g9"}}, Memory: rapid.SampledFrom([]*planner.Memory{nil, {Run: "r"}, {IdentityProvider: "a", Policies: []string{"b"}}}).Draw(t, "memory"),
		}
	}
	if rapid.Bool().Draw(t, "identity provider") {
		state.IdentityProvider = &planner.IdentityProvider{
			ID: "idp1", Name: texts.Draw(t, "name"), ClientID: texts.Draw(t, "its client id"), PKCE: rapid.SampledFrom([]*bool{nil, new(true), new(false)}).Draw(t, "its PKCE"),
			Adopted: rapid.Bool().Draw(t, "adopted"),
		}
	}
	if rapid.Bool().Draw(t, "policy") {
		state.Policy = &planner.AccessPolicy{
			ID: "policy1", Name: texts.Draw(t, "policy's name"), Decision: texts.Draw(t, "decision"), Adopted: rapid.Bool().Draw(t, "adopted"),
			Include: []planner.Rule{planner.EmailRule(texts.Draw(t, "rule"))}, Exclude: []planner.Rule{planner.EmailRule(texts.Draw(t, "excluded"))},
		}
		state.Applications = []planner.Application{{ID: "wiki", UsesPolicy: true}, {ID: "hub"}, {ID: "crm", UsesPolicy: true}}
	}
	return state
}

// moved is the state after a run has moved every kind of thing to what is wanted of it.
func moved(spec connection.Spec, state planner.State) planner.State {
	app := planner.WantApp(spec, state, ourClient)
	identityProvider := planner.WantIdentityProvider(spec, state, app.ClientID)
	app.ID, identityProvider.ID = "0oa1", "idp1"
	policy := planner.WantPolicy(spec, state, identityProvider.ID)
	policy.ID = "policy1"
	before := app.Applications
	app = planner.WantMemory(spec, state, app, identityProvider.ID, policy.ID, planner.HandedSecret{})
	for i, application := range state.Applications {
		wanted := slices.Contains(app.Applications, application.ID)
		state.Applications[i].UsesPolicy = wanted || application.UsesPolicy && !slices.Contains(before, application.ID)
	}
	state.App, state.IdentityProvider, state.Policy = &app, &identityProvider, &policy
	return state
}

// TestDiff_MovedToWhatIsWanted_HasNoMoves holds from every state to every document.
func TestDiff_MovedToWhatIsWanted_HasNoMoves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := anyDocument(t)
		state := moved(spec, anyState(t))
		if moves := planner.Diff(spec, state, "").Moves(); moves != nil {
			t.Fatalf("moves: %+v", moves)
		}
	})
}
