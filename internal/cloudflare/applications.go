package cloudflare

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

const applications = "/access/apps"

// Application is an Access application, with the identity providers and policies that it uses.
type Application = planner.ListedApplication

type applicationBody struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Domain      string   `json:"domain"`
	AllowedIDPs []string `json:"allowed_idps"`
	Redirect    bool     `json:"auto_redirect_to_identity"`
	// An application has more hostnames than its first.
	SelfHostedDomains []string `json:"self_hosted_domains"`
	Destinations      []struct {
		URI string `json:"uri"`
	} `json:"destinations"`
	Policies []struct {
		planner.AccessPolicy
		Reusable bool `json:"reusable"`
	} `json:"policies"`
}

func (b applicationBody) application() Application {
	var found Application
	found.ID, found.Name, found.Domain = b.ID, b.Name, b.Domain
	found.SignIn = planner.SignIn{IdentityProviders: b.AllowedIDPs, Redirect: b.Redirect}
	found.Hostnames = slices.Clone(b.SelfHostedDomains)
	for _, destination := range b.Destinations {
		found.Hostnames = append(found.Hostnames, destination.URI)
	}
	for _, policy := range b.Policies {
		found.Policies = append(found.Policies, policy.ID)
		if !policy.Reusable {
			found.OwnPolicies = append(found.OwnPolicies, policy.AccessPolicy)
		}
	}
	return found
}

// ListApplications returns every Access application of the account.
func (c *Client) ListApplications(ctx context.Context) ([]Application, error) {
	bodies, err := list[applicationBody](ctx, c, applications)
	if err != nil {
		return nil, fmt.Errorf("list the Access applications of Cloudflare account %s: %w", c.account, err)
	}
	found := make([]Application, len(bodies))
	for i, body := range bodies {
		found[i] = body.application()
	}
	return found, nil
}

// AttachPolicy makes an application use a reusable policy, at its place among those that it uses already, and changes at the same
// time how people sign in to it, unless signIn is nil; without a policy's id it changes the sign-in alone. It can be repeated. A policy or
// an application that someone deleted is a NotFound that names it. allowed can refuse the application as it is now, before it is changed;
// nil refuses none.
func (c *Client) AttachPolicy(ctx context.Context, applicationID, policyID string, place planner.Place, signIn *planner.SignInMove, allowed func(Application) error) error {
	err := c.changeApplication(ctx, applicationID, signIn, allowed, func(used []any) []any {
		if policyID == "" || slices.ContainsFunc(used, func(each any) bool { return idOf(each) == policyID }) {
			return used
		}
		return slices.Insert(used, place.Among(idsOf(used)), any(map[string]any{"id": policyID}))
	})
	if failure := transport.As(err); failure != nil && failure.Status >= http.StatusInternalServerError {
		// Cloudflare answers 500 for a policy that isn't there, which looks as if a retry would fix it.
		for _, used := range []struct{ collection, id, name string }{{policies, policyID, "Access policy"}, {applications, applicationID, "Access application"}} {
			if c.missing(ctx, used.collection, used.id) {
				gone := *failure
				gone.Kind, gone.Summary = transport.NotFound, fmt.Sprintf("%s %s doesn't exist any more", used.name, used.id)
				return fmt.Errorf("change Access application %s: %w", applicationID, &gone)
			}
		}
	}
	return err
}

// missing reports whether a thing is known not to exist.
func (c *Client) missing(ctx context.Context, collection, id string) bool {
	at, err := item(collection, id)
	if err != nil {
		return false
	}
	_, err = c.do(ctx, http.MethodGet, at, nil, nil)
	return err != nil && c.unlessGone(ctx, collection, id, err) == nil
}

// DetachPolicy is the reverse of AttachPolicy; without a policy's id it changes the sign-in alone. An application that is gone, or
// doesn't use the policy, is no error.
func (c *Client) DetachPolicy(ctx context.Context, applicationID, policyID string, signIn *planner.SignInMove) error {
	err := c.changeApplication(ctx, applicationID, signIn, nil, func(used []any) []any {
		return slices.DeleteFunc(used, func(each any) bool { return policyID != "" && idOf(each) == policyID })
	})
	return c.unlessGone(ctx, applications, applicationID, err)
}

func idOf(policy any) string {
	fields, _ := policy.(map[string]any)
	id, _ := fields["id"].(string)
	return id
}

func idsOf(policies []any) []string {
	ids := make([]string, len(policies))
	for i, policy := range policies {
		ids[i] = idOf(policy)
	}
	return ids
}

// inOrder refers to policies with a precedence that keeps their order. Each keeps its own where that allows it: they are of others.
func inOrder(policies []any) []any {
	references := make([]any, len(policies))
	last := 0.0
	for i, policy := range policies {
		fields, _ := policy.(map[string]any)
		precedence, _ := fields["precedence"].(float64)
		last = max(precedence, last+1)
		references[i] = map[string]any{"id": idOf(policy), "precedence": last}
	}
	return references
}

// mostChanges is how often a change of an application is made that isn't there when it is read back.
const mostChanges = 3

// changeApplication reads an application and writes it back with other policies and another sign-in, until it reads back as wanted:
// someone else who does the same at the same moment takes the change away, and Cloudflare has no way to write only what is still as it
// was read.
func (c *Client) changeApplication(ctx context.Context, applicationID string, signIn *planner.SignInMove, allowed func(Application) error, change func([]any) []any) error {
	at, err := item(applications, applicationID)
	if err != nil {
		return err
	}
	failed := func(err error) error {
		return fmt.Errorf("change Access application %s: %w", applicationID, err)
	}
	for made := 0; ; made++ {
		whole, err := c.whole(ctx, at, applicationID)
		if err != nil {
			return fmt.Errorf("read Access application %s: %w", applicationID, err)
		}
		if err := refuses(allowed, whole); err != nil {
			return err
		}
		before, _ := whole["policies"].([]any)
		after := change(slices.Clone(before))
		signedIn, err := changeSignIn(whole, signIn)
		if err != nil {
			return failed(err)
		}
		if len(after) == len(before) && !signedIn {
			return nil
		}
		if made == mostChanges {
			return failed(&transport.Error{
				Provider: dialect.Provider, Method: http.MethodPut, Path: at, Kind: transport.Unavailable,
				Summary: "Cloudflare accepted the change, and yet it isn't there: someone else may be changing the application at the same time",
			})
		}
		if err := c.putApplication(ctx, at, whole, after); err != nil {
			return failed(err)
		}
	}
}

// refuses is the caller's reason to leave an application as it is; nil for none.
func refuses(allowed func(Application) error, whole map[string]any) error {
	if allowed == nil {
		return nil
	}
	var body applicationBody
	text, err := json.Marshal(whole)
	if err == nil {
		err = json.Unmarshal(text, &body)
	}
	if err != nil {
		return fmt.Errorf("read Access application %v: %w", whole["id"], err)
	}
	return allowed(body.application())
}

// changeSignIn changes how people sign in to an application, and reports whether that makes a difference.
func changeSignIn(whole map[string]any, move *planner.SignInMove) (changed bool, err error) {
	if move == nil {
		return false, nil
	}
	now := signInOf(whole)
	next, emptied := move.Apply(now)
	if emptied {
		return false, &transport.Error{
			Provider: dialect.Provider, Method: http.MethodPut, Path: applications, Kind: transport.Conflict,
			Summary: fmt.Sprintf("%q offers no other identity provider than the connection's any more: without it, it would offer all of the account; choose in Access what else it offers", whole["name"]),
		}
	}
	// An empty list is written as such: left out, it would say the same, but not for certain.
	whole["allowed_idps"], whole["auto_redirect_to_identity"] = append([]string{}, next.IdentityProviders...), next.Redirect
	return !next.Same(now), nil
}

// signInOf is how people sign in to an application, as Cloudflare tells it.
func signInOf(whole map[string]any) planner.SignIn {
	var now planner.SignIn
	now.Redirect, _ = whole["auto_redirect_to_identity"].(bool)
	allowed, _ := whole["allowed_idps"].([]any)
	for _, each := range allowed {
		if id, said := each.(string); said {
			now.IdentityProviders = append(now.IdentityProviders, id)
		}
	}
	return now
}

// putApplication writes an application back with other policies. An update replaces everything, so all that was read is sent along
// but what Cloudflare itself makes.
func (c *Client) putApplication(ctx context.Context, at string, whole map[string]any, policies []any) error {
	whole["policies"] = inOrder(policies)
	for _, readOnly := range []string{"id", "uid", "aud", "created_at", "updated_at"} {
		delete(whole, readOnly)
	}
	_, err := c.do(ctx, http.MethodPut, at, whole, nil)
	return err
}
