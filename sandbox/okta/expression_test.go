package okta

import (
	"strings"
	"testing"
)

// FuzzParseExpression looks for a group name that a search for it, escaped as it has to be, doesn't find.
func FuzzParseExpression(f *testing.F) {
	for _, name := range []string{"Engineering", `The "A" team`, `back\slash`, `and " or "`, "", "Käse\n", `\"`} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)
		text := `profile.name eq "` + escaped + `" and type eq "OKTA_GROUP"`
		parsed, err := parseExpression(text, all([]string{"profile.name", "type"}, []string{"eq"}))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		field := func(field string) string { return map[string]string{"profile.name": name, "type": "OKTA_GROUP"}[field] }
		if !parsed.matches(field) {
			t.Errorf("%s doesn't find %q", text, name)
		}
		nested, err := parseExpression(`(type eq "none" or (`+text+`))`, all([]string{"profile.name", "type"}, []string{"eq"}))
		if err != nil || !nested.matches(field) {
			t.Errorf("in parentheses, %s doesn't find %q: %v", text, name, err)
		}
	})
}
