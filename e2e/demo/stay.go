package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// stay says where everything is and what to try, and waits until the context ends.
func (s *stage) stay(ctx context.Context) error {
	file, err := s.writeEnvironment()
	if err != nil {
		return err
	}
	s.head("Temporal")
	s.rows("UI", s.Temporal.UIURL, "address", s.Temporal.Address, "task queue", s.TaskQueue)
	for _, seed := range s.seeds.Orgs {
		org := s.Sandbox.Orgs[seed.Name]
		s.head("Okta org " + org.Name)
		s.rows("url", org.URL, "token", org.Token)
		for _, user := range org.Users {
			s.rows("user", fmt.Sprintf("%-20s password %-14s in %s", user.Login, user.Password, strings.Join(user.Groups, ", ")))
		}
	}
	for _, seed := range s.seeds.Accounts {
		account := s.Sandbox.Accounts[seed.Name]
		s.head("Cloudflare account " + account.Name)
		s.rows("API", s.Sandbox.API.URL, "account id", account.ID, "token", account.Token, "Access login", account.URL+"/")
	}
	s.head("Files")
	s.rows("worker configuration", s.relative(s.WorkerConfig()), "logs", filepath.Join(s.folder, "logs"),
		"authority to trust", s.relative(s.Sandbox.CAFile))
	s.suggest(file)
	<-ctx.Done()
	s.say("\nStopping.")
	return nil
}

// suggest prints commands to try, each ready to be copied.
func (s *stage) suggest(environment string) {
	acme, globex := filepath.Join(s.documents, "acme.yaml"), filepath.Join(s.documents, "globex.yaml")
	s.head("Try, in another terminal")
	for _, line := range []string{
		". " + environment,
		"starter plan -f " + acme,
		"starter connect -f " + acme,
		"starter status acme",
		"sandbox sign-in --ca " + s.relative(s.Sandbox.CAFile) + " --url " + s.Sandbox.Accounts["acme"].URL + "/ --user alice@acme.example --password sandbox-alice",
		"starter disconnect acme",
		"",
		"# have Cloudflare refuse the registration, and see the run put everything back",
		"curl --cacert " + s.relative(s.Sandbox.CAFile) + ` -d '{"method":"POST","path":"*/identity_providers","count":1,"kind":"status","status":403}' ` +
			strings.TrimSuffix(s.Sandbox.API.URL, "/client/v4") + "/_sandbox/faults",
		"starter connect -f " + globex,
	} {
		s.say("  %s", line)
	}
	s.say("\nEverything is up, in memory, on this machine only. Ctrl-C stops it.")
}

// rows writes names and values.
func (s *stage) rows(namesAndValues ...string) {
	for index := 0; index+1 < len(namesAndValues); index += 2 {
		s.say("  %-20s  %s", namesAndValues[index], namesAndValues[index+1])
	}
}

// relative is a path as a person in this folder writes it.
func (s *stage) relative(path string) string {
	working, err := os.Getwd()
	if err != nil {
		return path
	}
	if short, err := filepath.Rel(working, path); err == nil && !strings.HasPrefix(short, "..") {
		return short
	}
	return path
}

// writeEnvironment writes the file that a shell reads to find everything.
func (s *stage) writeEnvironment() (string, error) {
	file := filepath.Join(s.folder, "env")
	lines := []string{
		"export TEMPORAL_ADDRESS=" + s.Temporal.Address,
		"export ACCESSBRIDGE_TASK_QUEUE=" + s.TaskQueue,
		"export ACCESSBRIDGE_UI_URL=" + s.Temporal.UIURL,
		fmt.Sprintf("export PATH=%q:\"$PATH\"", filepath.Dir(s.binaries.Starter)),
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		return "", fmt.Errorf("write the variables for a shell: %w", err)
	}
	return file, nil
}
