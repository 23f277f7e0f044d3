package planner

import (
	"slices"
)

// Ours decides what a step may act on for a connection, by what both providers say of a thing now. A step's input doesn't count: whoever
// may write to the Temporal namespace can choose it.
type Ours struct {
	// Connection is the connection's name; "" is any connection's, in inputs of earlier versions.
	Connection string
	// Apps are the connection's own, where they were read.
	Apps []ListedApp
}

// App reports whether an app is the connection's: by its key, or by the mark of an adoption.
func (o Ours) App(app ListedApp) bool { return o.is(ConnectionOf(app)) }

func (o Ours) is(name string) bool { return name != "" && (o.Connection == "" || name == o.Connection) }

// Client reports whether a client id is the connection's key, or that of one of its apps.
func (o Ours) Client(clientID string) bool {
	return o.Key(clientID) || slices.ContainsFunc(o.Apps, func(app ListedApp) bool { return app.ClientID == clientID })
}

// IdentityProvider reports whether an identity provider is the connection's: by its client id, or by the memory.
func (o Ours) IdentityProvider(each ListedIdentityProvider) bool {
	return each.IsOkta() && o.Client(each.ClientID) || o.remembers(each.ID)
}

// Policy reports whether a policy is the connection's: by an identity provider that it requires, as far as those are the connection's, or
// by the memory.
func (o Ours) Policy(policy AccessPolicy, requires func(identityProviderID string) bool) bool {
	return slices.ContainsFunc(policy.Requires(), requires) || o.remembers(policy.ID)
}

func (o Ours) remembers(id string) bool {
	return o.Adopted(id) || slices.ContainsFunc(o.Apps, func(app ListedApp) bool {
		memory := valueOf(app.Memory)
		return memory.IdentityProvider == id || slices.Contains(memory.Policies, id)
	})
}

// Adopted reports whether the connection remembers to have taken a thing over: that is never deleted.
func (o Ours) Adopted(id string) bool {
	return slices.ContainsFunc(o.Apps, func(app ListedApp) bool { return slices.Contains(app.Kept, id) })
}

// MayTakeApp reports whether a document could have the connection take an app over.
func (o Ours) MayTakeApp(app ListedApp) bool { return app.OpenIDConnect && ConnectionOf(app) == "" }

// MayTakeIdentityProvider reports whether a document could have the connection take an identity provider over. all are the apps of the org.
func (o Ours) MayTakeIdentityProvider(each ListedIdentityProvider, all []ListedApp) bool {
	return o.IdentityProvider(each) || whyNotAdopted(each, all) == ""
}

// MayTakePolicy reports whether a document could have the connection take a policy over. required are the identity providers that it
// requires.
func (o Ours) MayTakePolicy(required []ListedIdentityProvider, all []ListedApp) bool {
	return !slices.ContainsFunc(required, func(each ListedIdentityProvider) bool {
		belongs := nameFromClientID(each.ClientID)
		if app := appOf(each, all); app != nil {
			belongs = ConnectionOf(*app)
		}
		return belongs != "" && !o.is(belongs)
	})
}

// Requires are the identity providers that a policy requires people to have signed in through.
func (p AccessPolicy) Requires() []string {
	var ids []string
	for _, rule := range p.Require {
		if id := rule.LoginMethod(); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Declarable reports whether a document can declare such a policy: it allows groups and e-mail addresses, of those who signed in through
// an identity provider.
func (p AccessPolicy) Declarable() bool {
	ids := p.Requires()
	if len(ids) != 1 || !p.IsOurShape(ids[0]) {
		return false
	}
	for _, rule := range p.Include {
		for kind := range rule {
			if !slices.Contains([]string{"okta", "email", "email_domain"}, kind) {
				return false
			}
		}
	}
	return true
}

// Touches are the identity providers that the move takes from an application's sign-in, or adds to it.
func (m SignInMove) Touches() []string {
	return Differing(m.From.IdentityProviders, m.To.IdentityProviders)
}

// Added are the ids that the app remembers now, and did not remember before: of things that the connection has, and of those that it took
// over.
func Added(before, next App) (own, taken []string) {
	known := append(valueOf(before.Memory).ids(), before.Kept...)
	isNew := func(id string) bool { return id != "" && !slices.Contains(known, id) }
	for _, id := range valueOf(next.Memory).ids() {
		if isNew(id) {
			own = append(own, id)
		}
	}
	for _, id := range next.Kept {
		if isNew(id) {
			taken = append(taken, id)
		}
	}
	return own, taken
}

func (m Memory) ids() []string { return append([]string{m.IdentityProvider}, m.Policies...) }

// Forgotten are the ids of what the connection has, as far as the app remembers them no more.
func Forgotten(before, next App) []string {
	known := valueOf(next.Memory).ids()
	return slices.DeleteFunc(valueOf(before.Memory).ids(), func(id string) bool { return id == "" || slices.Contains(known, id) })
}

// MayEnd reports whether a run may delete or release a thing of a connection that must not be taken away: what the connection doesn't
// consist of, as its apps remember, or what the run made or remembers itself.
func (o Ours) MayEnd(id, run string) bool {
	return !slices.ContainsFunc(o.Apps, func(app ListedApp) bool {
		memory := valueOf(app.Memory)
		isPart := memory.Complete() && (app.ID == id || slices.Contains(memory.ids(), id))
		if o.Key(app.ClientID) {
			isPart = app.ID == id || isPart
			return isPart && memory.MadeBy != run
		}
		return isPart && memory.Run != run
	})
}

// Released are the ids that the app remembers no more to have taken over, although it stays the connection's.
func Released(before, next App) []string {
	if next.Connection == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(before.Kept), func(id string) bool { return slices.Contains(next.Kept, id) })
}

// OtherRedirects are the redirect URIs that an app would get, and that are neither there nor one of those that Access has people sent back
// to.
func OtherRedirects(now, next App, callbacks ...string) []string {
	return slices.DeleteFunc(slices.Clone(next.RedirectURIs), func(uri string) bool {
		return slices.Contains(now.RedirectURIs, uri) || slices.Contains(callbacks, uri)
	})
}

// SameOrg reports whether an issuer that Cloudflare is to believe is the org with the URL.
func SameOrg(issuer, url string) bool { return sameURL(issuer, url) }

// Of reports whether a document's name and what a step says of it agree.
func (o Ours) Of(name string) bool { return name == o.Connection || o.Connection == "" && name != "" }

// Key reports whether a client id is the key of the connection.
func (o Ours) Key(clientID string) bool { return o.is(nameFromClientID(clientID)) }
