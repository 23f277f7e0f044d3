package faults

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// canonical is a state without what differs between two runs of the same document: ids, secrets and times become words that
// say what they are of, so that which thing refers to which is still compared.
func canonical(state, connection string) (string, error) {
	var parsed any
	if err := json.Unmarshal([]byte(state), &parsed); err != nil {
		return "", err
	}
	words := map[string]string{connection: "CONNECTION"}
	nameAccounts(parsed, words)
	name(parsed, words)
	forgetHashes(parsed)
	sorted, err := json.MarshalIndent(sortByName(parsed), "", " ")
	if err != nil {
		return "", err
	}
	var pairs []string
	for _, from := range slices.SortedFunc(maps.Keys(words), func(a, b string) int { return cmp.Compare(len(b), len(a)) }) {
		pairs = append(pairs, from, words[from])
	}
	text := strings.NewReplacer(pairs...).Replace(string(sorted))
	for form, word := range map[*regexp.Regexp]string{instant: "TIME", clientID: "CLIENT ID", audience: `"aud": "AUDIENCE"`, address: "ADDRESS", priority: anyPriority} {
		text = form.ReplaceAllString(text, word)
	}
	return text, nil
}

var (
	instant = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z`)
	// address is of one of the sandbox's servers: each lane has its own.
	address = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	// priority is the order in which groups came, and they are assigned at the same time.
	priority = regexp.MustCompile(`"priority": \d+`)
	// audience is what an application's tokens are for; it follows from the account's id.
	audience = regexp.MustCompile(`"aud": "[0-9a-f]{64}"`)
	clientID = regexp.MustCompile(`accessbridge-CONNECTION-([0-9a-f]{8}|\d+)`)
)

const anyPriority = `"priority": ANY`

// nameAccounts puts the Cloudflare accounts under the names of their organisations: their ids are each lane's own.
func nameAccounts(parsed any, words map[string]string) {
	state, _ := parsed.(map[string]any)
	cloudflare, _ := state["cloudflare"].(map[string]any)
	accounts, _ := cloudflare["accounts"].(map[string]any)
	for _, id := range slices.Sorted(maps.Keys(accounts)) {
		account, _ := accounts[id].(map[string]any)
		organization, _ := account["organization"].(map[string]any)
		name, _ := organization["name"].(string)
		words[id] = "ACCOUNT " + name
		delete(accounts, id)
		accounts["ACCOUNT "+name] = account
	}
}

// title is what people call a thing, or "".
func title(thing map[string]any) string {
	for _, key := range []string{"label", "login", "domain", "name", "sha256"} {
		if text, ok := thing[key].(string); ok {
			return text
		}
	}
	profile, _ := thing["profile"].(map[string]any)
	text, _ := profile["name"].(string)
	return text
}

// name finds the ids and the hashes of secrets, and what they are of. What only refers to a thing doesn't say what it is.
func name(value any, words map[string]string) {
	switch value := value.(type) {
	case []any:
		for _, each := range value {
			name(each, words)
		}
	case map[string]any:
		if hash, ok := value["sha256"].(string); ok {
			words[hash] = "SECRET"
		}
		if id, ok := value["id"].(string); ok && id != "" && (words[id] == "" || words[id] == unnamed) {
			words[id] = unnamed + title(value)
			if value["sha256"] != nil {
				words[id] = unnamed + "SECRET"
			}
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			name(value[key], words)
		}
	}
}

// unnamed is what an id is of as long as nothing says what it is.
const unnamed = "ID OF "

// withoutHanded is a canonical state in which no app remembers which secret Cloudflare was handed: who finds an identity provider
// that another run made can't know it.
func withoutHanded(canonical string) string { return handedSecret.ReplaceAllString(canonical, "") }

var handedSecret = regexp.MustCompile(`(?m)^ *"client_secret": \{\n *"id": "[^"]*"\n *\},\n`)

// forgetHashes takes Okta's own hashes of secrets out of what apps remember: each secret has its own.
func forgetHashes(value any) {
	switch value := value.(type) {
	case []any:
		for _, each := range value {
			forgetHashes(each)
		}
	case map[string]any:
		if handed, there := value["client_secret"].(map[string]any); there {
			delete(handed, "hash")
		}
		for _, each := range value {
			forgetHashes(each)
		}
	}
}

// sortByName puts lists of things in the order of their names: their ids say nothing.
func sortByName(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = sortByName(value[i])
		}
		slices.SortStableFunc(value, func(a, b any) int {
			left, _ := a.(map[string]any)
			right, _ := b.(map[string]any)
			return cmp.Compare(title(left), title(right))
		})
		return value
	case map[string]any:
		for key := range value {
			value[key] = sortByName(value[key])
		}
		return value
	default:
		return value
	}
}
