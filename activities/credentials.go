package activities

import (
	"context"
	"sync"
	"time"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// AppRef names an Okta app.
type AppRef struct {
	Fence
	Org   string `json:"org" form:"name"`
	AppID string `json:"app_id" form:"okta"`
}

// ClientCredentials tell which secret of an app is in use, without it.
type ClientCredentials struct {
	Tried
	SecretID   string `json:"secret_id"`
	SecretHash string `json:"secret_hash"`
}

// ReadClientCredentials finds the client secret of an app (procedure, step 4). The secret itself never leaves an activity:
// what is returned goes into the run's history.
func (a *Activities) ReadClientCredentials(ctx context.Context, ref AppRef) (ClientCredentials, error) {
	org, err := a.org(ctx, ref.Org, ref.Fence)
	if err != nil {
		return ClientCredentials{}, err
	}
	if _, err := a.ownerIn(ref.Fence, org, nil).mine(ctx, ref.AppID); err != nil {
		return ClientCredentials{}, fail(ctx, err, justCreated)
	}
	secret, err := a.readSecret(ctx, org, ref.AppID)
	if err != nil {
		return ClientCredentials{}, fail(ctx, err, justCreated)
	}
	return ClientCredentials{SecretID: secret.ID, SecretHash: secret.Hash}, nil
}

// recent is how long a client secret that was read is used again: the steps of a run that need it follow each other closely, and
// reading it counts against Okta's tightest rate limit.
const recent = time.Minute

// recentSecrets are client secrets that were read moments ago, by the app's id. They stay in this process.
type recentSecrets struct {
	mutex sync.Mutex
	read  map[string]readSecret
}

type readSecret struct {
	okta.ClientSecret
	at time.Time
}

// readSecret reads the active client secret of an app.
func (a *Activities) readSecret(ctx context.Context, org *okta.Client, appID string) (okta.ClientSecret, error) {
	found, err := org.ActiveSecret(ctx, appID)
	if err == nil {
		a.secrets.keep(appID, found)
	}
	return found, err
}

// recentSecret is the active client secret of an app, as it was read moments ago or is now.
func (a *Activities) recentSecret(ctx context.Context, org *okta.Client, appID string) (okta.ClientSecret, error) {
	if found, kept := a.secrets.of(appID); kept {
		return found, nil
	}
	return a.readSecret(ctx, org, appID)
}

func (r *recentSecrets) keep(appID string, secret okta.ClientSecret) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.read == nil {
		r.read = map[string]readSecret{}
	}
	for id, old := range r.read {
		if time.Since(old.at) > recent {
			delete(r.read, id)
		}
	}
	r.read[appID] = readSecret{secret, time.Now()}
}

func (r *recentSecrets) of(appID string) (okta.ClientSecret, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	found, kept := r.read[appID]
	return found.ClientSecret, kept && time.Since(found.at) <= recent
}

// forget is for a secret that Okta didn't accept: it may have been replaced.
func (r *recentSecrets) forget(appID string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	delete(r.read, appID)
}

// handed names a secret without its value.
func handed(secret okta.ClientSecret) planner.HandedSecret {
	return planner.HandedSecret{ID: secret.ID, Hash: secret.Hash}
}
