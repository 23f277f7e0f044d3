package planner

import (
	"fmt"

	"github.com/accessbridge/accessbridge/connection"
)

// Stranger is something with the declared label or name that this connection didn't make.
type Stranger struct {
	Resource connection.Resource `json:"resource"`
	ID       string              `json:"id"`
	Name     string              `json:"name"`
	// Why says why it can't be adopted; "" when it can.
	Why string `json:"why,omitempty"`
	// Made means that a run of the connection made it after all, beside another one: it has a client id that one gave.
	Made bool `json:"made,omitempty"`
}

// candidate is something that is the connection's own, or has the label or name that the document declares for it.
type candidate struct {
	id, name string
	// why says why it can't be adopted; "" when it can.
	why string
	// adopted means that the connection's own was taken over by an earlier run, made that it has a client id which a run of
	// the connection gave.
	adopted, made bool
	// take makes it the connection's.
	take func(adopted bool)
}

// choose makes the connection's own thing known. A namesake of others matters only when ours is to get that name: then it is a
// stranger, or is adopted.
func choose(spec connection.Spec, state *State, resource connection.Resource, declared string, ours, namesakes []candidate) {
	stranger := func(which candidate, why string) {
		state.Strangers = append(state.Strangers, Stranger{Resource: resource, ID: which.id, Name: which.name, Why: why, Made: which.made})
	}
	if len(ours) > 0 {
		ours[0].take(ours[0].adopted)
		for _, duplicate := range ours[1:] {
			stranger(duplicate, "the connection has another one already; there must be only one")
		}
		if ours[0].name == declared {
			return
		}
	}
	for _, namesake := range namesakes {
		switch {
		case len(ours) > 0:
			stranger(namesake, "the connection has one of its own, under another name")
		case len(namesakes) > 1:
			stranger(namesake, fmt.Sprintf("%d fit", len(namesakes)))
		case namesake.why == "" && spec.Adopt:
			namesake.take(true)
		default:
			stranger(namesake, namesake.why)
		}
	}
}

// belongsTo says why something of another connection can't be adopted; "" when it belongs to none.
func belongsTo(other string) string {
	if other == "" {
		return ""
	}
	return fmt.Sprintf("it belongs to connection %q", other)
}
