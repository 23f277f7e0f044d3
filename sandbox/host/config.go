package host

// WorkerConfig is what a worker needs to use the sandbox, in the shape of its configuration file.
func (s *Sandbox) WorkerConfig() map[string]any {
	orgs := map[string]any{}
	for name, org := range s.Orgs {
		orgs[name] = map[string]any{"url": org.URL, "api_token": org.Token}
	}
	accounts := map[string]any{}
	for name, account := range s.Accounts {
		accounts[name] = map[string]any{"account_id": account.ID, "api_token": account.Token}
	}
	return map[string]any{
		"ca_file":    s.CAFile,
		"okta":       map[string]any{"orgs": orgs},
		"cloudflare": map[string]any{"base_url": s.API.URL, "accounts": accounts},
	}
}
