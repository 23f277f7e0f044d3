package main

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// patience bounds the whole play, which takes some seconds.
const patience = 2 * time.Minute

// play shows the main job, then what happens when it fails.
func (s *stage) play(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, act := range []func(context.Context) error{s.connect, s.signIn, s.refuse} {
		if err := act(ctx); err != nil {
			return err
		}
	}
	return s.summary()
}

// connect connects the first document.
func (s *stage) connect(ctx context.Context) error {
	s.head("1. Connect the Okta org acme to the Cloudflare account acme, as acme.yaml says")
	code, err := s.starter(ctx, "acme.yaml")
	if err != nil {
		return err
	}
	if !s.claim(code == 0, "connected: starter ended with exit code %d", code) {
		return s.summary() // nobody can sign in through what isn't there
	}
	return nil
}

// signIn has people try the connection, each of whom another rule decides about.
func (s *stage) signIn(ctx context.Context) error {
	s.head("2. Sign people in through the new connection: Access → Okta → back to Access → its policy")
	var result connection.Result
	if err := s.Client.GetWorkflow(ctx, connection.WorkflowID("acme"), "").Get(ctx, &result); err != nil {
		return fmt.Errorf("read the result of connecting acme: %w", err)
	}
	provider := ""
	for _, each := range s.Sandbox.API.API.IdentityProviders(s.Sandbox.Accounts["acme"].ID) {
		if each["id"] == result.IdentityProviderID {
			provider, _ = each["name"].(string)
		}
	}
	for _, person := range []struct {
		login, about string
		allowed      bool
		by           string // who decides
	}{
		{"alice@acme.example", "in Engineering, which the policy allows", true, "Access"},
		{"bob@acme.example", "in Support, which may use the app, but isn't in the policy", false, "Access"},
		{"carol@acme.example", "in Sales, which the app isn't assigned to", false, "Okta"},
	} {
		outcome, err := s.Sandbox.SignIn(ctx, "acme", "/cdn-cgi/access/login?policy="+result.PolicyID, provider, person.login)
		if err != nil {
			return fmt.Errorf("sign %s in: %w", person.login, err)
		}
		// Where Okta refuses, Access never learns who it was.
		by := "Access"
		if outcome.Email == "" {
			by = "Okta"
		}
		decision := map[bool]string{true: "allowed", false: "denied"}
		s.say("  %s, %s:\n    %s by %s: %s", person.login, person.about, decision[outcome.Allowed], by, outcome.Reason)
		s.claim(outcome.Allowed == person.allowed && by == person.by, "%s was %s by %s", person.login, decision[outcome.Allowed], by)
	}
	return nil
}

// refuse has a connection fail half way, and looks for what is left of it.
func (s *stage) refuse(ctx context.Context) error {
	s.head("3. Connect another org, globex, while Cloudflare refuses to register the login method (403)")
	before, err := s.State()
	if err != nil {
		return err
	}
	s.Sandbox.API.Inject(kit.Fault{
		Method: http.MethodPost, Path: "*/access/identity_providers", Kind: kit.KindStatus, Status: http.StatusForbidden,
	})
	defer s.Sandbox.API.ClearFaults()
	code, err := s.starter(ctx, "globex.yaml")
	if err != nil {
		return err
	}
	after, err := s.State()
	if err != nil {
		return err
	}
	made, deleted := appsMadeAndDeleted(s.Sandbox.Orgs["globex"].Requests())
	s.claim(code == 2, "the registration failed: starter ended with exit code %d, failed and rolled back", code)
	s.claim(made == 1 && deleted == 1, "Okta apps made meanwhile: %d, deleted again: %d", made, deleted)
	s.claim(before == after, "both sides are as before: no app, no assignment, no login method, no policy was left")
	return nil
}

// appsMadeAndDeleted counts, in an Okta org's journal, the apps that came and went.
func appsMadeAndDeleted(journal []kit.Request) (made, deleted int) {
	const apps = "/api/v1/apps"
	for _, request := range journal {
		target, _, _ := strings.Cut(request.Path, "?")
		switch {
		case request.Method == http.MethodPost && target == apps && request.Status == http.StatusOK:
			made++
		case request.Method == http.MethodDelete && path.Dir(target) == apps && request.Status == http.StatusNoContent:
			deleted++
		}
	}
	return made, deleted
}

// starter runs the command that a person would.
func (s *stage) starter(ctx context.Context, document string) (int, error) {
	arguments := []string{"connect", "-f", filepath.Join(s.documents, document)}
	s.say("$ starter connect -f %s\n", arguments[2])
	code, err := s.ShowStarter(ctx, s.out, s.out, arguments...)
	if ctx.Err() != nil { // then the exit code says nothing about the run
		return code, fmt.Errorf("stopped before the end: %w", ctx.Err())
	}
	return code, err
}
