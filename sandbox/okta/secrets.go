package okta

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"time"
)

// secret is one of the at most two secrets of an app's client.
type secret struct {
	id       string
	sequence int
	text     string
	status   string
	created  time.Time
	updated  time.Time
}

// mostSecrets is how many secrets a client can have.
const mostSecrets = 2

// secretResource is what Okta calls a secret in a refusal.
const secretResource = "OAuth2ClientSecretMediated"

// hash is what Okta shows beside a secret to tell it from others.
func (s *secret) hash() string {
	sum := sha256.Sum256([]byte(s.text))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// newestSecret is the secret that an answer about the app shows: the newest that can be used.
func (a *app) newestSecret() *secret {
	for _, s := range slices.Backward(a.secrets) {
		if s.status == active {
			return s
		}
	}
	return nil
}

// accepts tells whether a client secret lets the app's client in now.
func (a *app) accepts(text string) bool {
	return slices.ContainsFunc(a.secrets, func(s *secret) bool { return s.status == active && s.text == text })
}

func (a *app) activeSecrets() int {
	count := 0
	for _, s := range a.secrets {
		if s.status == active {
			count++
		}
	}
	return count
}

// addSecret gives the app another secret; an empty text is one that Okta makes.
func (o *Org) addSecret(a *app, text, status string) *secret {
	if text == "" {
		text = randomText(64)
	}
	s := &secret{text: text, status: status, created: o.now(), updated: o.now()}
	s.id, s.sequence = o.newID("ocs")
	a.secrets = append(a.secrets, s)
	return s
}

func (o *Org) secretView(a *app, s *secret) object {
	path := "/api/v1/apps/" + a.id + "/credentials/secrets/" + s.id
	links := object{"deactivate": o.href(path+"/lifecycle/deactivate", "POST")}
	if s.status == inactive {
		links = object{
			"activate": o.href(path+"/lifecycle/activate", "POST"),
			"delete":   o.href(path, "DELETE"),
		}
	}
	return object{
		"id": s.id, "created": timestamp(s.created), "lastUpdated": timestamp(s.updated), "status": s.status,
		"client_secret": s.text, "secret_hash": s.hash(), "_links": links,
	}
}

func (o *Org) listSecrets(r *http.Request) answer {
	return o.withClient(r, func(a *app) answer {
		return success(views(r, visible(r, o.listed(r, listOfSecrets(a), o.secretEntries(a)))))
	})
}

func (o *Org) secretEntries(a *app) []entry {
	entries := []entry{}
	for _, s := range a.secrets {
		entries = append(entries, o.secretEntry(a, s))
	}
	return entries
}

func (o *Org) secretEntry(a *app, s *secret) entry {
	return entry{id: s.id, sequence: s.sequence, view: func(*http.Request) object { return o.secretView(a, s) }}
}

func (o *Org) createSecret(r *http.Request) answer {
	return o.withClient(r, func(a *app) answer {
		body, err := readObject(r)
		if err != nil {
			return malformed()
		}
		given, status := text(body, "client_secret"), text(body, "status")
		if status == "" {
			status = active
		}
		switch {
		case status != active && status != inactive:
			return invalid(secretResource, "status: The value must be ACTIVE or INACTIVE.")
		case !a.usesSecret():
			return invalid(secretResource, "You can't create a client secret for a client that uses "+a.tokenEndpointAuthMethod()+".")
		case len(a.secrets) >= mostSecrets:
			return invalid(secretResource, "You've reached the maximum number of client secrets per client.")
		}
		if given != "" {
			if refusal := checkSecret(given, a.tokenEndpointAuthMethod()); refusal != nil {
				return *refusal
			}
		}
		return created(o.secretView(a, o.addSecret(a, given, status)))
	})
}

// withSecret serves an endpoint of one secret.
func (o *Org) withSecret(r *http.Request, serve func(*app, *secret) answer) answer {
	return o.withClient(r, func(a *app) answer {
		id := r.PathValue("secretId")
		index := slices.IndexFunc(a.secrets, func(s *secret) bool { return s.id == id })
		if index < 0 {
			return notFound(id, secretResource)
		}
		return serve(a, a.secrets[index])
	})
}

func (o *Org) getSecret(r *http.Request) answer {
	return o.withSecret(r, func(a *app, s *secret) answer { return success(o.secretView(a, s)) })
}

func (o *Org) activateSecret(r *http.Request) answer {
	return o.withSecret(r, func(a *app, s *secret) answer { return o.setSecretStatus(a, s, active) })
}

func (o *Org) deactivateSecret(r *http.Request) answer {
	return o.withSecret(r, func(a *app, s *secret) answer {
		if s.status == active && a.activeSecrets() == 1 {
			return invalid(secretResource, "You can't deactivate the only active client secret.")
		}
		return o.setSecretStatus(a, s, inactive)
	})
}

func (o *Org) setSecretStatus(a *app, s *secret, status string) answer {
	if s.status != status {
		s.status, s.updated = status, o.now()
	}
	return success(o.secretView(a, s))
}

func (o *Org) deleteSecret(r *http.Request) answer {
	return o.withSecret(r, func(a *app, s *secret) answer {
		if s.status == active {
			return invalid(secretResource,
				"You can't delete an active client secret. Deactivate the secret before deleting it.")
		}
		a.secrets = slices.DeleteFunc(a.secrets, func(other *secret) bool { return other == s })
		return noContent()
	})
}
