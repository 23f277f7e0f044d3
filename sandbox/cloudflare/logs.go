package cloudflare

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// logEndpoints has the documented path, with an underscore. The one with a hyphen, which cloudflare-go
// calls, is not known to exist.
var logEndpoints = map[string]endpoint{
	"GET logs/access_requests": {"logs:read", listLogins},
}

// hidden starts the keys of a log entry that filters use and answers don't have.
const hidden = "_"

func listLogins(c *call) reply {
	query := c.URL.Query()
	since, refusal := moment(query, "since")
	if refusal != nil {
		return *refusal
	}
	until, refusal := moment(query, "until")
	if refusal != nil {
		return *refusal
	}
	shown := []resource{}
	for _, entry := range c.account.logins {
		at, _ := time.Parse(time.RFC3339Nano, text(entry, "created_at"))
		if (!since.IsZero() && at.Before(since)) || (!until.IsZero() && at.After(until)) || !wantedLogin(entry, query) {
			continue
		}
		shown = append(shown, pick(entry, query.Get("fields")))
	}
	if query.Get("direction") != "asc" {
		slices.Reverse(shown)
	}
	size := c.number("limit", 25)
	answer := c.page(shown, size, 1000)
	answer.info = nil // the documented answer has none
	return answer
}

func moment(query url.Values, name string) (time.Time, *reply) {
	value := query.Get(name)
	if value == "" {
		return time.Time{}, nil
	}
	parsed, err := time.Parse(time.RFC3339Nano, value)
	if err != nil {
		refusal := failInvalid("invalid '" + name + "'")
		return time.Time{}, &refusal
	}
	return parsed, nil
}

// wantedLogin applies the filters: a part of the email unless an exact one is asked for, and equality for
// the others, which their …Op turns around.
func wantedLogin(entry resource, query url.Values) bool {
	if email := query.Get("email"); email != "" {
		exact := query.Get("email_exact") == "true" || query.Get("emailOp") == "eq"
		has := strings.Contains(text(entry, "user_email"), email)
		if exact || query.Get("emailOp") == "neq" {
			has = text(entry, "user_email") == email
		}
		if has == (query.Get("emailOp") == "neq") {
			return false
		}
	}
	for name, key := range map[string]string{"app_uid": "app_uid", "ray_id": "ray_id", "idp": hidden + "idp"} {
		if wanted := query.Get(name); wanted != "" && (text(entry, key) == wanted) == (query.Get(name+"Op") == "neq") {
			return false
		}
	}
	if wanted := query.Get("allowed"); wanted != "" {
		return (truth(entry, "allowed") == (wanted == "true")) != (query.Get("allowedOp") == "neq")
	}
	return true
}

// pick is the entry with the named fields, or with all of them.
func pick(entry resource, fields string) resource {
	picked := resource{}
	for key, value := range entry {
		if !strings.HasPrefix(key, hidden) && (fields == "" || slices.Contains(strings.Split(fields, ","), key)) {
			picked[key] = value
		}
	}
	return picked
}
