package faults

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// judgeMeddled compares both sides with what they must be after a run during which someone changed something by hand.
func (l *lane) judgeMeddled(t trial, end ending, result connection.Result, before string) (broken []string) {
	after, err := l.State()
	if err != nil {
		return []string{err.Error()}
	}
	m := l.meddling
	if m.hand.adds {
		if m.undo != nil {
			broken = m.kept(after)
		}
		m.clearUp() // what follows is about all the rest
		if after, err = l.State(); err != nil {
			return []string{err.Error()}
		}
	}
	switch {
	case end.state == connection.RunConnected && !m.hand.adds && !l.readSince(m):
		return broken
	case end.state == connection.RunConnected:
		return append(broken, l.connectedAll(t, after)...)
	case end.state == connection.RunDisconnected && t.scenario.adopts:
		return append(broken, gone(before, after)...)
	case end.state == connection.RunDisconnected:
		return append(broken, unsaid(l.empty, after, result.Left)...)
	default:
		return append(broken, l.leftAlone(before, after, result.Left)...)
	}
}

// connectedAll holds a connection against the declared one. An application of theirs is there beside it.
func (l *lane) connectedAll(t trial, after string) []string {
	shape, err := canonical(after, l.name)
	if err != nil {
		return []string{err.Error()}
	}
	declared := t.connected
	if m := l.meddling; m.hand.redeclares != nil && m.undo != nil {
		declared = m.hand.redeclares(declared)
	}
	return differences("declared", withoutHanded(declared), withoutHanded(shape))
}

// unsaid names what is there beside what was there before, unless the run says that it left it.
func unsaid(before, after string, left []string) (broken []string) {
	then, err := thingsOf(before)
	if err != nil {
		return []string{err.Error()}
	}
	now, err := thingsOf(after)
	if err != nil {
		return []string{err.Error()}
	}
	for id, what := range now {
		what = strings.TrimPrefix(what, unnamed)
		if _, there := then[id]; !there && what != "" && what != "SECRET" && !named(left, id) && !named(left, fmt.Sprintf("%q", what)) {
			broken = append(broken, fmt.Sprintf("%s (%s) is left, and the run doesn't say so", what, id))
		}
	}
	return append(broken, gone(before, after)...)
}

// leftAlone holds what a run left that was undone: all is as before, but for what someone changed, or what the run says that it left
// because someone uses it.
func (l *lane) leftAlone(before, after string, left []string) []string {
	if broken := unsaid(before, after, left); len(broken) > 0 {
		return broken
	}
	before, after = prioritiesAside(left, before, after)
	then, now, theirs, ours := things(before), things(after), things(l.meddling.theirs), things(l.meddling.ours)
	var broken []string
	for id, text := range then {
		changed := now[id] != text
		touched := theirs[id] != ours[id]
		if changed && !touched && !named(left, id[strings.LastIndex(id, "/")+1:]) && !namedByTitle(left, text) {
			broken = append(broken, fmt.Sprintf("it is not as before, nobody touched it, and the run doesn't name it:\n- %s\n+ %s", text, now[id]))
		}
	}
	return broken
}

// namedByTitle reports whether the run names a thing by what people call it.
func namedByTitle(left []string, text string) bool {
	var thing map[string]any
	if err := json.Unmarshal([]byte(text), &thing); err != nil {
		return false
	}
	called := title(thing)
	return called != "" && (named(left, fmt.Sprintf("%q", called)) || named(left, " "+called))
}
