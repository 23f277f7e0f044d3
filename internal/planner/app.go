package planner

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// App is an Okta OpenID Connect app, as far as a connection cares.
type App struct {
	ID           string   `json:"id" form:"okta"`
	ClientID     string   `json:"client_id" form:"client"`
	Label        string   `json:"label" form:"text"`
	Status       string   `json:"status" form:"text"`
	RedirectURIs []string `json:"redirect_uris" form:"text"`
	// Connection is the connection that the app's profile says it belongs to; "" when it says nothing.
	Connection string `json:"connection,omitempty" form:"text"`
	// Applications are the ids of the Access applications that this connection attached its policy to, as the app's
	// profile remembers: those attached by somebody else are not ours to detach.
	Applications []string `json:"applications,omitempty" form:"cloudflare"`
	// Kept are the ids of the identity provider and the policy that this connection adopted, as the app's profile remembers: they
	// are put back or left, never deleted.
	Kept []string `json:"kept,omitempty" form:"cloudflare"`
	// Memory is what the app's profile remembers of the connection; nil when it remembers nothing.
	Memory *Memory `json:"memory,omitempty"`
	// IssuerMode is the issuer that the app's tokens name; the groups claim must be set with the same one.
	IssuerMode string `json:"issuer_mode,omitempty" form:"text"`
	// Broker means that Federation Broker Mode is on: everybody may use the app, and Okta refuses to assign groups to it.
	Broker bool `json:"federation_broker_mode,omitempty"`
	// IDTokenEncryption is the algorithm that ID tokens are encrypted by, which Access can't read; "" when they aren't.
	IDTokenEncryption string `json:"id_token_encryption,omitempty" form:"text"`
	// ClientAuth is how the client authenticates at the token endpoint; "" when that wasn't asked for.
	ClientAuth string `json:"client_auth,omitempty" form:"text"`
	// PKCERequired means that Okta refuses a sign-in without a PKCE challenge.
	PKCERequired bool `json:"pkce_required,omitempty"`
	// Claim is the claim that the ID token carries, or nil when the app has none.
	Claim *Claim `json:"claim,omitempty"`
	// Groups are the groups assigned to the app.
	Groups []Group `json:"groups"`
	// Adopted means that the app was not created by this connection: it is put back, never deleted.
	Adopted bool `json:"adopted,omitempty"`
}

// AppActive is the status of an app that people can sign in through.
const AppActive = "ACTIVE"

// ListedApp is an Okta app of any kind.
type ListedApp struct {
	App
	// OpenIDConnect reports whether it is an OpenID Connect web app of one's own: the only kind that can be adopted.
	OpenIDConnect bool
	// Kind says what it is otherwise.
	Kind string
}

// appSettings are what a run changes of an app, and puts back.
var appSettings = []setting[App]{
	text("label", "the label", func(a *App) *string { return &a.Label }),
	text("status", "the status", func(a *App) *string { return &a.Status }),
	text("client_id", "the client id", func(a *App) *string { return &a.ClientID }),
	set("redirect_uris", "the redirect URIs", func(a *App) *[]string { return &a.RedirectURIs }),
	text("profile.connection", "the profile", func(a *App) *string { return &a.Connection }),
	of("federation_broker_mode", "Federation Broker Mode", func(a *App) *bool { return &a.Broker }, same, onOff),
	text("id_token_encryption", "the encryption of ID tokens", func(a *App) *string { return &a.IDTokenEncryption }),
	set("profile.kept", "the profile", func(a *App) *[]string { return &a.Kept }),
}

// PickApp finds the connection's app by its client id, or by the mark in its profile when an earlier run adopted it.
func PickApp(spec connection.Spec, state *State, apps []ListedApp) {
	var ours, namesakes []candidate
	for _, app := range apps {
		found := candidate{id: app.ID, name: app.Label, take: func(adopted bool) {
			app.Adopted = adopted
			state.App = &app.App
		}}
		switch {
		case OwnsClientID(spec.Name, app.ClientID):
			found.made = true
			ours = append(ours, found)
		case app.OpenIDConnect && app.Connection == spec.Name:
			found.adopted = true
			ours = append(ours, found)
		case app.Label == spec.Okta.AppLabel:
			found.why = belongsTo(app.Connection)
			if !app.OpenIDConnect {
				found.why = cmp.Or(app.Kind, "it is not an OpenID Connect web app")
			}
			namesakes = append(namesakes, found)
		}
	}
	choose(spec, state, connection.ResourceApp, spec.Okta.AppLabel, ours, namesakes)
}

// RememberApplications is the app that runs of earlier versions declared: its profile told of the applications before the
// policy was attached to them.
func RememberApplications(app App, have State) App {
	app.Applications = WantApplications(have)
	return app
}

// kept reports whether an earlier run of the connection adopted the thing.
func kept(state *State, id string) bool {
	return state.App != nil && slices.Contains(state.App.Kept, id)
}

// WantApp is the Okta app that the document declares, starting from the one that exists. clientID is given to a new app.
func WantApp(spec connection.Spec, have State, clientID string) App {
	want := App{ClientID: clientID, IssuerMode: "ORG_URL"}
	if have.App != nil {
		want = *have.App
	}
	callback := RedirectURI(have.AuthDomain)
	switch {
	case !want.Adopted:
		want.RedirectURIs = []string{callback}
	case !slices.Contains(want.RedirectURIs, callback):
		want.RedirectURIs = append(slices.Clone(want.RedirectURIs), callback)
	}
	if !want.Adopted { // what someone set by hand on the connection's own app keeps people out
		want.Broker, want.IDTokenEncryption = false, ""
	}
	want.Label, want.Status, want.Connection = spec.Okta.AppLabel, AppActive, spec.Name
	want.Claim = wantClaim(spec, have)
	want.Groups = wantPriorities(valueOf(have.App).Groups, wantGroups(spec, have), have.KeepsPriorities)
	want.Kept = keep(want.Kept, have)
	return want
}

// keep adds to the ids of what was adopted before what this run adopts.
func keep(before []string, have State) []string {
	kept := slices.Clone(before)
	if found := have.IdentityProvider; found != nil && found.Adopted {
		kept = appendNew(kept, found.ID)
	}
	if found := have.Policy; found != nil && found.Adopted {
		kept = appendNew(kept, found.ID)
	}
	return kept
}

// DiffApp compares an Okta app with the declared one; have is nil when there is none.
func DiffApp(have *App, want App) connection.Change {
	before := valueOf(have)
	return moveOf(connection.ResourceApp, want.Label, before.ID, have != nil, differences(appSettings, before, want))
}

// DiffWholeApp is DiffApp with what the app remembers, as runs of earlier versions changed it.
func DiffWholeApp(have *App, want App) connection.Change {
	before := valueOf(have)
	return moveOf(connection.ResourceApp, want.Label, before.ID, have != nil, differences(wholeApp, before, want))
}

// SameApp reports whether nothing of an app differs that a run changes, its memory included.
func SameApp(a, b App) bool { return len(differences(wholeApp, a, b)) == 0 }

// wholeApp is everything that is put back of an app at once. Runs of earlier versions changed its memory in the same step.
var wholeApp = slices.Concat(appSettings, memorySettings)

// PutAppBack is what an app becomes when a run is undone that found it as before and set it to given.
func PutAppBack(before, given, now App) (back App, left []string) {
	return putBack(wholeApp, Title(connection.ResourceApp, now.Label), before, given, now)
}

// onOff is a switch in a plan.
func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// secretAuth are the ways to authenticate at the token endpoint that Access knows: with the client secret itself.
var secretAuth = []string{"client_secret_basic", "client_secret_post"}

// appProblems finds an app that people couldn't sign in through to Access, for what it is set to. Where the app is the connection's own,
// Federation Broker Mode and encryption are turned off instead; the client's authentication isn't, because what becomes of its secrets
// isn't known.
func appProblems(spec connection.Spec, have State) []Problem {
	app := have.App
	if app == nil {
		return nil
	}
	var problems []Problem
	refuse := func(message, advice string) {
		problems = append(problems, Problem{Path: "okta.app_label", Message: fmt.Sprintf("the Okta app %s (%s) %s", quote(app.Label), app.ID, message), Advice: advice})
	}
	if app.ClientAuth != "" && !slices.Contains(secretAuth, app.ClientAuth) {
		refuse(fmt.Sprintf("has its client authenticate with %s, which Access can't do: it has a client secret alone", app.ClientAuth),
			"set its client authentication to Client secret in Okta"+orAnother(app))
	}
	if app.PKCERequired && spec.Cloudflare.PKCE != nil && !*spec.Cloudflare.PKCE {
		problems = append(problems, Problem{
			Path: "cloudflare.pkce", Message: fmt.Sprintf("the Okta app %s (%s) requires PKCE, and Access would send no challenge: nobody could sign in", quote(app.Label), app.ID),
			Advice: "set cloudflare.pkce to true, or don't require PKCE in Okta",
		})
	}
	if app.Adopted && app.Broker {
		refuse("is in Federation Broker Mode: everybody may use it, and Okta assigns no groups to such an app",
			"turn that mode off in Okta, where nobody needs it"+orAnother(app))
	}
	if app.Adopted && app.IDTokenEncryption != "" {
		refuse("has its ID tokens encrypted ("+app.IDTokenEncryption+"), which Access can't read",
			"turn that encryption off in Okta, where nobody needs it"+orAnother(app))
	}
	return problems
}

// orAnother is the other way out, where an app is about to be adopted.
func orAnother(app *App) string {
	if app.Adopted {
		return ", or choose another okta.app_label"
	}
	return ""
}
