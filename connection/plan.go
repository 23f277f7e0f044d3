package connection

// Resource is a kind of thing that a connection consists of.
type Resource string

// What a connection consists of, in the order of the documented procedure.
const (
	ResourceApp              Resource = "Okta app"
	ResourceGroupsClaim      Resource = "groups claim"
	ResourceGroupAssignment  Resource = "group assignment"
	ResourceIdentityProvider Resource = "identity provider"
	ResourcePolicy           Resource = "Access policy"
	ResourceAttachment       Resource = "application attachment"
	ResourceMemory           Resource = "connection memory"
)

// Action is what a plan does to a resource.
type Action string

// The actions of a plan.
const (
	ActionCreate    Action = "create"
	ActionUpdate    Action = "update"
	ActionDelete    Action = "delete"
	ActionUnchanged Action = "unchanged"
)

// Change is one difference between what exists and what is wanted.
type Change struct {
	Resource Resource `json:"resource"`
	// Name is the label or name of the thing, as people know it.
	Name string `json:"name"`
	// ID is the provider's id; "" when it doesn't exist yet.
	ID     string  `json:"id,omitempty"`
	Action Action  `json:"action"`
	Fields []Field `json:"fields,omitempty"`
}

// Field is one setting that a change gives another value. Before is "" for something new, After for something deleted.
type Field struct {
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Plan is every change that a connection needs, unchanged things included.
type Plan struct {
	Connection string   `json:"connection"`
	Changes    []Change `json:"changes"`
	// Notes tell what is left alone although it bears on the connection.
	Notes []string `json:"notes,omitempty"`
}

// Moves are the changes that are not "unchanged".
func (p Plan) Moves() []Change {
	var moves []Change
	for _, change := range p.Changes {
		if change.Action != ActionUnchanged {
			moves = append(moves, change)
		}
	}
	return moves
}

// Of returns the plan's changes to one kind of resource.
func (p Plan) Of(resource Resource) []Change {
	var changes []Change
	for _, change := range p.Changes {
		if change.Resource == resource {
			changes = append(changes, change)
		}
	}
	return changes
}
