package cloudflare_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestRateLimit_AnyHeader_GivesATimeToWaitThatIsOne(t *testing.T) {
	t.Parallel()
	const most = 6 * time.Minute
	date := time.Now().Add(2 * time.Hour).Truncate(time.Second) // this machine's clock is behind
	for name, test := range map[string]struct {
		header map[string][]string
		want   time.Duration
	}{
		"as documented":          {map[string][]string{"Ratelimit": {`"default";r=0;t=30`}}, 30 * time.Second},
		"Retry-After":            {map[string][]string{"Ratelimit": {`"default";r=0;t=30`}, "Retry-After": {"300"}}, 300 * time.Second},
		"Retry-After as a date":  {map[string][]string{"Retry-After": {date.Add(40 * time.Second).UTC().Format(http.TimeFormat)}}, 40 * time.Second},
		"a date that is past":    {map[string][]string{"Retry-After": {date.Add(-time.Hour).UTC().Format(http.TimeFormat)}}, 0},
		"absurd Retry-After":     {map[string][]string{"Retry-After": {"9223372037"}}, most},
		"negative Retry-After":   {map[string][]string{"Retry-After": {"-9223372037"}}, 0},
		"endless Retry-After":    {map[string][]string{"Retry-After": {"99999999999999999999999999999999"}}, most},
		"words for Retry-After":  {map[string][]string{"Retry-After": {"inf"}}, 0},
		"spaces":                 {map[string][]string{"Ratelimit": {`"default"; t=30; r=0`}}, 30 * time.Second},
		"the tightest of two":    {map[string][]string{"Ratelimit": {`"burst";r=10;t=5, "default";r=0;t=200`}}, 200 * time.Second},
		"the tightest of lines":  {map[string][]string{"Ratelimit": {`"default";r=0;t=20`, `"burst";r=3;t=5`}}, 20 * time.Second},
		"the longest of equals":  {map[string][]string{"Ratelimit": {`"default";r=0;t=20, "burst";r=0;t=50`}}, 50 * time.Second},
		"no word of what's left": {map[string][]string{"Ratelimit": {`"default";t=20`}}, 20 * time.Second},
		"an earlier draft":       {map[string][]string{"Ratelimit": {"limit=100, remaining=0, reset=25"}}, 25 * time.Second},
		"single headers":         {map[string][]string{"Ratelimit-Remaining": {"0"}, "Ratelimit-Reset": {"35"}}, 35 * time.Second},
		"absurd":                 {map[string][]string{"Ratelimit": {`"default";r=0;t=99999999999999999999`}}, most},
		"a policy's name":        {map[string][]string{"Ratelimit": {`"r=0;t=9";r=1;t=8`}}, 8 * time.Second},
		"nothing":                {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				for key, values := range test.header {
					w.Header()[key] = values
				}
				w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
				send(w, http.StatusTooManyRequests, map[string]any{"code": 971, "message": "slow down"}, nil)
			})
			_, err := client.AuthDomain(t.Context())
			failure := transport.As(err)
			if failure == nil || failure.Kind != transport.RateLimited || failure.RetryAfter != test.want {
				t.Errorf("got %+v, want a wait of %s", failure, test.want)
			}
		})
	}
}

func TestRateLimit_TightestIsEmpty_HoldsBack(t *testing.T) {
	t.Parallel()
	asked := 0
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Ratelimit", `"burst";r=10;t=5, "default";r=0;t=200`)
		send(w, http.StatusOK, map[string]any{"auth_domain": "acme.cloudflareaccess.example"}, nil)
	})
	if _, err := client.AuthDomain(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := client.AuthDomain(t.Context())
	if failure := transport.As(err); failure == nil || failure.Kind != transport.RateLimited || failure.RetryAfter < 190*time.Second || asked != 1 {
		t.Errorf("%d requests, %v", asked, err)
	}
}
