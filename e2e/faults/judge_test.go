package faults

import (
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
)

// judge compares both sides with what they must be after a run that ended so.
func (l *lane) judge(t trial, end ending, result connection.Result, before string) (broken []string) {
	after, err := l.State()
	if err != nil {
		return []string{err.Error()}
	}
	unsettled := t.good() == connection.RunDisconnected && t.scenario.good != connection.RunDisconnected
	switch {
	case end.state == connection.RunConnected:
		shape, err := canonical(after, l.name)
		if err != nil {
			return []string{err.Error()}
		}
		want := t.connected
		if l.follows != nil {
			want, shape = withoutHanded(want), withoutHanded(shape)
		}
		broken = differences("declared", want, shape)
	case end.state == connection.RunDisconnected && t.scenario.adopts && unsettled:
		broken = added(before, after) // it adopted some things, or none yet, and leaves them as they are
	case end.state == connection.RunDisconnected && t.scenario.adopts:
		broken = compare("declared", t.declared, after, l.name)
	case end.state == connection.RunDisconnected:
		broken = differences("before it was connected", l.empty, after)
	default:
		before, after := prioritiesAside(result.Left, before, after)
		broken = differences("before", before, after)
	}
	if t.scenario.adopts {
		broken = append(broken, gone(before, after)...)
	}
	broken = append(broken, t.pausedWell(end)...)
	mends := true
	for _, each := range t.breakages {
		mends = mends && each.kind.mends
	}
	if mends && (end.state != t.good() || end.person) {
		broken = append(broken, fmt.Sprintf("it should get over this by itself and end %s", t.good()))
	}
	return broken
}

// compare holds a state against a canonical one.
func compare(what, want, state, connectionName string) []string {
	shape, err := canonical(state, connectionName)
	if err != nil {
		return []string{err.Error()}
	}
	return differences(what, want, shape)
}

// prioritiesAside leaves out of two states what a run says that it can't put back.
func prioritiesAside(left []string, before, after string) (string, string) {
	if !named(left, noPriority) {
		return before, after
	}
	return priority.ReplaceAllString(before, anyPriority), priority.ReplaceAllString(after, anyPriority)
}

// pausedWell tells what is wrong with a run that should have paused. Of two faults the other may have ended it.
func (t trial) pausedWell(end ending) []string {
	s := t.scenario
	if !s.pauses || len(t.breakages) != 1 {
		return nil
	}
	only := t.breakages[0]
	// What proves a deletion is asked once: when the step is repeated, the deletion's own answer proves it.
	proof := only.call.method == "GET" && strings.HasSuffix(only.call.path, "/groups/{id}") && end.state == t.good()
	// Few tokens may see the federation grants: a run goes on without.
	unseen := strings.HasSuffix(only.call.path, "/idp_federation_grants") && end.state == t.good()
	goesOn := only.kind.fault.Count == 0 && !proof && !unseen
	nothingToUndo := s.afterPause == connection.RunRolledBack && end.state == connection.RunRefused
	switch {
	case goesOn && !end.waited:
		return []string{"it should wait at the step that failed, and did not"}
	case end.waited && end.state != s.afterPause && !nothingToUndo:
		return []string{fmt.Sprintf("after the pause it should end %s", s.afterPause)}
	default:
		return nil
	}
}

func differences(what, want, got string) []string {
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		return []string{fmt.Sprintf("both sides are not as %s (-%s +now):\n%s", what, what, diff)}
	}
	return nil
}
