package cloudflare

import (
	"maps"
	"slices"
	"strings"
)

// State is every resource of every account, sorted, with secrets as hashes. What changes by itself isn't
// there: the access log, the time of the last change, versions and counts.
func (a *API) State() any {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	accounts := resource{}
	for id, account := range a.accounts {
		accounts[id] = resource{
			"organization":       resource{"name": account.name, "auth_domain": account.authDomain, "settings": account.settings},
			"grants":             stateOf(account.grants),
			"identity_providers": stateOf(account.providers),
			"policies":           stateOf(account.policies),
			"applications":       stateOf(account.applications),
			"groups":             stateOf(account.groups),
		}
	}
	return resource{"accounts": accounts}
}

// stateOf sorts by id, which says nothing but stays the same.
func stateOf(resources *collection) []any {
	state := []any{}
	for _, id := range slices.Sorted(maps.Keys(resources.byID)) {
		shown := clone(resources.byID[id])
		delete(shown, "updated_at")
		delete(shown, "version")
		if belongsTo, ok := shown[owner]; ok {
			delete(shown, owner)
			shown["application"] = belongsTo
		}
		hideSecrets(shown)
		state = append(state, map[string]any(shown))
	}
	return state
}

func hideSecrets(value map[string]any) {
	for key, inner := range value {
		switch inner := inner.(type) {
		case map[string]any:
			hideSecrets(inner)
		case string:
			if strings.Contains(key, "secret") || strings.Contains(key, "token") {
				value[key] = hash(inner)
			}
		}
	}
}
