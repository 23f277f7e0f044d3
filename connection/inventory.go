package connection

import "time"

// InventoryRequest says which connections InventoryWorkflow looks for. The zero value asks for all, in every org that the worker holds
// credentials of.
type InventoryRequest struct {
	// Name is the connection's; "" is every connection. With a name, the answer has the documents too.
	Name string `json:"name,omitempty"`
	// Orgs are the orgs to look in, by the names that connections use; none are all that the worker holds.
	Orgs []string `json:"orgs,omitempty"`
}

// Inventory is what InventoryWorkflow returns: the connections that exist, as the orgs themselves tell of them.
type Inventory struct {
	Connections []Existing `json:"connections"`
	// Orgs are those that were asked.
	Orgs []string `json:"orgs"`
	// Unread are those that could not be asked: what exists there isn't known.
	Unread []UnreadOrg `json:"unread,omitempty"`
}

// Existing is a connection as its Okta app tells of it: by its client id, the connection's key, and by its profile, the connection's
// memory.
type Existing struct {
	Connection string `json:"connection"`
	// Org and Account are the names of the credentials; Account is "" where the memory doesn't tell it.
	Org      string `json:"org"`
	OktaURL  string `json:"okta_url"`
	Account  string `json:"account,omitempty"`
	AppID    string `json:"app_id"`
	AppLabel string `json:"app_label"`
	ClientID string `json:"client_id"`
	// Adopted means that the connection took the app over and didn't make it.
	Adopted            bool     `json:"adopted,omitempty"`
	IdentityProviderID string   `json:"identity_provider_id,omitempty"`
	PolicyIDs          []string `json:"policy_ids,omitempty"`
	// Run is the run that wrote the memory, RunStarted when that run started.
	Run        string    `json:"run,omitempty"`
	RunStarted time.Time `json:"run_started,omitzero"`
	// Document is what the connection was made from, with its defaults. It is told only where a name was asked for.
	Document *Spec `json:"document,omitempty"`
	// Unknown says why the memory doesn't tell the document; "" when it does.
	Unknown string `json:"unknown,omitempty"`
}

// UnreadOrg is an org whose apps could not be read, and why.
type UnreadOrg struct {
	Org     string  `json:"org"`
	Failure Failure `json:"failure"`
}
