package planner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// ConnectionOf is the connection that an app belongs to, by its client id, or by the mark in its profile when an earlier run adopted it;
// "" when it belongs to none.
func ConnectionOf(app ListedApp) string {
	if name := nameFromClientID(app.ClientID); name != "" {
		return name
	}
	if app.OpenIDConnect {
		return app.Connection
	}
	return ""
}

// nameFromClientID is the connection whose key a client id is; "" when it is no connection's.
func nameFromClientID(clientID string) string {
	at := strings.LastIndex(clientID, "-")
	if at <= len(clientIDPrefix) {
		return ""
	}
	name := strings.TrimPrefix(clientID[:at], clientIDPrefix)
	if !OwnsClientID(name, clientID) {
		return ""
	}
	return name
}

// ConnectionsIn are the apps that belong to a connection of the name, or to any where it is "".
func ConnectionsIn(apps []ListedApp, name string) []ListedApp {
	return slices.DeleteFunc(slices.Clone(apps), func(app ListedApp) bool {
		belongs := ConnectionOf(app)
		return belongs == "" || name != "" && belongs != name
	})
}

// Tell is a connection as its app tells of it. org is the name of the credentials that the app was read with.
func Tell(org, oktaURL string, app ListedApp) connection.Existing {
	memory := valueOf(app.Memory)
	told := connection.Existing{
		Connection: ConnectionOf(app), Org: org, OktaURL: oktaURL, AppID: app.ID, AppLabel: app.Label, ClientID: app.ClientID,
		Adopted: nameFromClientID(app.ClientID) == "", IdentityProviderID: memory.IdentityProvider, PolicyIDs: memory.Policies,
		Run: memory.Run, RunStarted: memory.Started,
	}
	document, err := remembered(told.Connection, app)
	if err != nil {
		told.Unknown = err.Error()
		return told
	}
	// The name of the org can have changed in the worker's configuration since. The app is in this one.
	document.Okta.Org = org
	told.Account, told.Document = document.Cloudflare.Account, document
	return told
}

// remembered is the document that an app's profile tells. One that isn't understood as a whole isn't used: what a newer version declares
// would be left out.
func remembered(name string, app ListedApp) (*connection.Spec, error) {
	switch memory := app.Memory; {
	case app.Connection == "":
		return nil, errors.New("the app's profile doesn't tell any more what the connection consists of")
	case !memory.Complete():
		return nil, errors.New("no run has finished connecting it")
	case len(memory.Document) == 0:
		return nil, errors.New("the app's profile doesn't tell the document")
	}
	var document connection.Spec
	decoder := json.NewDecoder(bytes.NewReader(app.Memory.Document))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("the document in the app's profile isn't understood (a newer version may have written it): %w", err)
	}
	if document.Name != name {
		return nil, fmt.Errorf("the app's profile tells of connection %q", document.Name)
	}
	document = document.WithDefaults()
	return &document, nil
}
