package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// followed is an advice that is given elsewhere than in a refusal.
type followed struct {
	advice string
	// follow leads to it, does what it says, and sees that it helped; says fails the test when what was told doesn't give the advice.
	follow func(b *bench, says func(told string))
	// doneBy is the test that does all that, where it isn't follow.
	doneBy string
}

func TestAdvice_OfNotes_IsDone(t *testing.T) { followAll(t, noteAdvice) }

func followAll(t *testing.T, rows []followed) {
	t.Helper()
	for _, row := range rows {
		if row.doneBy != "" {
			continue
		}
		t.Run(row.advice, func(t *testing.T) {
			b := setUp(t, nil)
			given := false
			row.follow(b, func(told string) {
				t.Helper()
				given = true
				if !strings.Contains(told, row.advice) {
					t.Errorf("the advice isn't given: %s", told)
				}
			})
			if !given {
				t.Error("nobody looked whether the advice is given")
			}
		})
	}
}

// noteAdvice is what notes and results say to do.
var noteAdvice = []followed{
	{
		advice: "Put it in again afterwards, or have the worker hold it and set cloudflare.group_lookup",
		follow: func(b *bench, says func(string)) {
			spec := b.spec()
			id := b.connect(spec).IdentityProviderID
			b.putIn(lookupToken)
			spec.Cloudflare.IDPName = "Sign in"
			says(strings.Join(b.connect(spec).Notes, "\n"))
			b.holds(id, "")
			b.putIn(lookupToken)
			b.holds(id, lookupToken)
			b.holdsLookupToken(lookupToken)
			spec.Cloudflare.IDPName, spec.Cloudflare.GroupLookup = "Okta", true
			if notes := b.connect(spec).Notes; strings.Contains(strings.Join(notes, "\n"), "group look-up") {
				b.t.Errorf("what the note says was done, and the next one says %q", notes)
			}
			b.holds(id, lookupToken)
		},
	},
	{
		advice: "put it in again if there was one",
		follow: func(b *bench, says func(string)) {
			spec := b.spec()
			id := b.connect(spec).IdentityProviderID
			b.putIn(lookupToken)
			b.holdsLookupToken("00another")
			spec.Cloudflare.GroupLookup = true
			b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
			says(strings.Join(b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack).Left, "\n"))
			b.holds(id, "")
			b.putIn(lookupToken)
			b.holds(id, lookupToken)
		},
	},
	{
		advice: "put it in again",
		follow: func(b *bench, says func(string)) {
			spec := b.spec()
			spec.Cloudflare.GroupLookup = true
			b.holdsLookupToken(lookupToken)
			id := b.connect(spec).IdentityProviderID
			spec.Cloudflare.IDPName, spec.OnFailure, spec.PauseTimeout = "Sign in", connection.OnFailurePause, connection.Duration(time.Hour)
			b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
			run := b.start(connection.ConnectWorkflow, spec)
			b.inState(run, connection.RunNeedsOperator)
			b.holdsLookupToken("")
			if err := b.update(run, connection.RollbackUpdate); err != nil {
				b.t.Fatal(err)
			}
			says(strings.Join(b.failure(run, connection.ErrorRolledBack).Left, "\n"))
			b.putIn(lookupToken)
			b.holds(id, lookupToken)
		},
	},
	{
		advice: "delete it by hand if nobody needs it",
		doneBy: "TestDisconnect_MemoryTakenAway_NamesWhatSomeoneMadeTheirs",
	},
	{
		advice: "look for it in Access",
		doneBy: "TestDisconnect_MemoryTakenAway_NamesWhatSomeoneMadeTheirs",
	},
}

// putIn puts a token for group look-up into the connection's identity provider by hand.
func (b *bench) putIn(token string) {
	b.ofOkta(func(stored map[string]any) { stored["config"].(map[string]any)["api_token"] = token })
}

// holds fails the test unless Cloudflare holds the token for group look-up.
func (b *bench) holds(identityProvider, token string) {
	b.t.Helper()
	if got := b.lookupTokenAt(identityProvider); got != token {
		b.t.Errorf("Cloudflare holds the token %q for group look-up, want %q", got, token)
	}
}
