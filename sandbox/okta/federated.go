package okta

import (
	"net/http"
	"slices"
	"time"
)

// federatedClaim is a claim of Identity Engine's, which an app adds to its ID tokens whatever the scopes are.
type federatedClaim struct {
	id               string
	sequence         int
	name, expression string
	created, updated time.Time
}

func (f *federatedClaim) view(*http.Request) object {
	return object{
		"id": f.id, "name": f.name, "expression": f.expression, "created": timestamp(f.created), "lastUpdated": timestamp(f.updated),
	}
}

// federatedRoutes are the endpoints of federated claims. Only Identity Engine has them.
func (o *Org) federatedRoutes() map[string]methods {
	if !o.config.OIE {
		return nil
	}
	return map[string]methods{
		"/api/v1/apps/{appId}/federated-claims": {"GET": o.listFederated, "POST": o.createFederated},
		"/api/v1/apps/{appId}/federated-claims/{claimId}": {
			"GET": o.getFederated, "PUT": o.replaceFederated, "DELETE": o.deleteFederated,
		},
	}
}

func (o *Org) listFederated(r *http.Request) answer {
	return o.withClient(r, func(a *app) answer {
		var entries []entry
		for _, f := range a.federated {
			entries = append(entries, entry{id: f.id, name: f.name, sequence: f.sequence, view: f.view})
		}
		return success(views(r, visible(r, entries)))
	})
}

// withFederated serves an endpoint of one claim.
func (o *Org) withFederated(r *http.Request, serve func(*app, *federatedClaim) answer) answer {
	return o.withClient(r, func(a *app) answer {
		id := r.PathValue("claimId")
		index := slices.IndexFunc(a.federated, func(f *federatedClaim) bool { return f.id == id })
		if index < 0 {
			return notFound(id, "FederatedClaim")
		}
		return serve(a, a.federated[index])
	})
}

func (o *Org) getFederated(r *http.Request) answer {
	return o.withFederated(r, func(_ *app, f *federatedClaim) answer { return success(f.view(r)) })
}

func (o *Org) createFederated(r *http.Request) answer {
	return o.withClient(r, func(a *app) answer {
		f := &federatedClaim{created: o.now()}
		if refusal := o.readFederated(r, f); refusal != nil {
			return *refusal
		}
		f.id, f.sequence = o.newID("ofc")
		a.federated = append(a.federated, f)
		return created(f.view(r))
	})
}

func (o *Org) replaceFederated(r *http.Request) answer {
	return o.withFederated(r, func(_ *app, f *federatedClaim) answer {
		if refusal := o.readFederated(r, f); refusal != nil {
			return *refusal
		}
		return success(f.view(r))
	})
}

// readFederated gives a claim what the body says. Okta takes any expression, and looks at it when somebody signs in.
func (o *Org) readFederated(r *http.Request, f *federatedClaim) *answer {
	body, err := readObject(r)
	if err != nil {
		refusal := malformed()
		return &refusal
	}
	for _, key := range []string{"name", "expression"} {
		if text(body, key) == "" {
			return invalidPointer(key, key+": The field cannot be left blank")
		}
	}
	f.name, f.expression, f.updated = text(body, "name"), text(body, "expression"), o.now()
	return nil
}

func (o *Org) deleteFederated(r *http.Request) answer {
	return o.withFederated(r, func(a *app, f *federatedClaim) answer {
		a.federated = slices.DeleteFunc(a.federated, func(other *federatedClaim) bool { return other == f })
		return noContent()
	})
}
