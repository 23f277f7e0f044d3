package okta

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The buckets that Okta counts management calls in.
const (
	// BucketApps counts /api/v1/apps and everything below an app: secrets, groups, lifecycle, policies.
	BucketApps = "/api/v1/apps"
	// BucketApp counts /api/v1/apps/{id} itself.
	BucketApp = "/api/v1/apps/{id}"
	// BucketGroups counts /api/v1/groups and everything below a group.
	BucketGroups = "/api/v1/groups"
	// BucketGroup counts /api/v1/groups/{id} itself.
	BucketGroup = "/api/v1/groups/{id}"
	// BucketClients counts /oauth2/v1/clients.
	BucketClients = "/oauth2/v1/clients"
	// BucketOther counts everything else below /api/v1.
	BucketOther = "/api/v1"
)

// Unlimited is Limits for an org that never refuses a call. Its answers have the headers all the same.
var Unlimited = map[string]int{
	BucketApps: -1, BucketApp: -1, BucketGroups: -1, BucketGroup: -1, BucketClients: -1, BucketOther: -1,
}

// boundless is the limit that the headers tell where there is none.
const boundless = 1_000_000

// bucket is the name of a bucket.
type bucket string

// limiter counts calls. Each minute starts with the first call that no running minute covers.
type limiter struct {
	// whole are the org's limits, and each are those of a single token.
	whole, each map[string]int
	// minute is how long a bucket lasts.
	minute time.Duration
	spent  map[counter]*spending
}

// counter names a count: a bucket of the org, or of one token.
type counter struct {
	bucket bucket
	token  string
}

type spending struct {
	ends  time.Time
	calls int
}

// allowance is where a caller stands in a bucket: what the X-Rate-Limit headers tell.
type allowance struct {
	limit, remaining int
	reset            time.Time
	refused          bool
}

// planLimits are Okta's published limits, in calls per minute.
func planLimits(plan string) (map[string]int, error) {
	column, ok := map[string]int{"integrator-free": 0, "one-app": 1, "enterprise": 2, "workforce": 3, "": 3}[plan]
	if !ok {
		return nil, fmt.Errorf("okta: plan %q: want integrator-free, one-app, enterprise or workforce", plan)
	}
	published := map[string][4]int{
		BucketApps:    {20, 100, 100, 100},
		BucketApp:     {100, 600, 600, 500},
		BucketGroups:  {100, 600, 600, 500},
		BucketGroup:   {100, 600, 600, 1000},
		BucketClients: {25, 100, 100, 100},
		BucketOther:   {100, 600, 600, 1200},
	}
	limits := make(map[string]int)
	for name, byPlan := range published {
		limits[name] = byPlan[column]
	}
	return limits, nil
}

func newLimiter(plan, overrides map[string]int, minute time.Duration) (*limiter, error) {
	l := &limiter{minute: minute, whole: make(map[string]int), each: make(map[string]int)}
	for name, limit := range plan {
		// Unless an admin says otherwise, a single token may use half of what the org may.
		l.whole[name], l.each[name] = limit, limit/2
	}
	for name, limit := range overrides {
		if _, known := plan[name]; !known {
			return nil, fmt.Errorf("okta: rate limit for %q: there is no such bucket", name)
		}
		if limit < 0 {
			limit = boundless
		}
		l.whole[name], l.each[name] = limit, limit
	}
	l.reset()
	return l, nil
}

// boundless reports whether no bucket has a limit.
func (l *limiter) boundless() bool {
	for _, limit := range l.whole {
		if limit != boundless {
			return false
		}
	}
	return true
}

func (l *limiter) reset() { l.spent = make(map[counter]*spending) }

// take counts a call, and tells where the caller stands after it.
func (l *limiter) take(r *http.Request, now time.Time) allowance {
	name := bucketFor(r.URL.Path)
	each := l.count(counter{bucket: name, token: r.Header.Get("Authorization")}, l.each[string(name)], now)
	if each.refused {
		return each // a token that asks too much takes nothing from the others
	}
	whole := l.count(counter{bucket: name}, l.whole[string(name)], now)
	if whole.refused || whole.remaining < each.remaining {
		return whole
	}
	return each
}

func (l *limiter) count(c counter, limit int, now time.Time) allowance {
	spent := l.spent[c]
	if spent == nil || !now.Before(spent.ends) {
		// The end is told in whole seconds: it must not be told earlier than it comes.
		spent = &spending{ends: now.Truncate(time.Second).Add(l.minute)}
		l.spent[c] = spent
	}
	if limit == boundless {
		return allowance{limit: limit, remaining: limit - 1, reset: spent.ends}
	}
	spent.calls++
	return allowance{
		limit: limit, remaining: max(0, limit-spent.calls), reset: spent.ends, refused: spent.calls > limit,
	}
}

// bucketFor tells which bucket a path is counted in.
func bucketFor(path string) bucket {
	switch {
	case strings.HasPrefix(path, BucketClients):
		return BucketClients
	case path == BucketApps, path == BucketApps+"/":
		return BucketApps
	case strings.HasPrefix(path, BucketApps+"/"):
		if strings.Contains(strings.TrimPrefix(path, BucketApps+"/"), "/") {
			return BucketApps
		}
		return BucketApp
	case path == BucketGroups, path == BucketGroups+"/":
		return BucketGroups
	case strings.HasPrefix(path, BucketGroups+"/"):
		if strings.Contains(strings.TrimPrefix(path, BucketGroups+"/"), "/") {
			return BucketGroups
		}
		return BucketGroup
	default:
		return BucketOther
	}
}

// exhausted is where a caller stands whom an injected fault refuses.
func exhausted(now time.Time) allowance {
	return allowance{limit: 1, remaining: 0, reset: now.Add(time.Second), refused: true}
}

func (a allowance) write(header http.Header) {
	header.Set("X-Rate-Limit-Limit", strconv.Itoa(a.limit))
	header.Set("X-Rate-Limit-Remaining", strconv.Itoa(a.remaining))
	header.Set("X-Rate-Limit-Reset", strconv.FormatInt(a.reset.Unix(), 10))
}
