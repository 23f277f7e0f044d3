package faults

import "github.com/accessbridge/accessbridge/connection"

// hand is something that someone changes meanwhile.
type hand struct {
	name string
}

// meddling is what someone changed in a case.
type meddling struct {
	undo func()
}

func (m *meddling) clearUp() { m.undo() }

func (l *lane) act(k kind) {}

func (l *lane) judgeMeddled(t trial, end ending, result connection.Result, before string) []string {
	return nil
}
