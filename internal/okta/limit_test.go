package okta_test

import (
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestRateLimit_AnyHeader_GivesATimeToWaitThatIsOne(t *testing.T) {
	t.Parallel()
	const most = 5 * time.Minute
	now := time.Now().Truncate(time.Second)
	seconds := func(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
	milliseconds := func(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }
	ahead := now.Add(2 * time.Hour) // the provider's clock, where ours is behind it
	for name, test := range map[string]struct {
		date, reset, after string
		least, longest     time.Duration
	}{
		"seconds":               {now.UTC().Format(http.TimeFormat), seconds(now.Add(30 * time.Second)), "", 31 * time.Second, 31 * time.Second},
		"milliseconds":          {now.UTC().Format(http.TimeFormat), milliseconds(now.Add(30 * time.Second)), "", 31 * time.Second, 31 * time.Second},
		"our clock is behind":   {ahead.UTC().Format(http.TimeFormat), seconds(ahead.Add(30 * time.Second)), "", 31 * time.Second, 31 * time.Second},
		"our clock is ahead":    {now.Add(-2 * time.Hour).UTC().Format(http.TimeFormat), seconds(now.Add(30*time.Second - 2*time.Hour)), "", 31 * time.Second, 31 * time.Second},
		"no date, far":          {"never", seconds(ahead), "", 61 * time.Second, 61 * time.Second},
		"no date, past":         {"never", seconds(now.Add(-2 * time.Hour)), "", time.Second, time.Second},
		"past":                  {now.UTC().Format(http.TimeFormat), seconds(now.Add(-time.Hour)), "", time.Second, time.Second},
		"negative":              {now.UTC().Format(http.TimeFormat), "-1", "", 0, 0},
		"far":                   {now.UTC().Format(http.TimeFormat), seconds(now.Add(1000 * time.Hour)), "", most, most},
		"absurd":                {now.UTC().Format(http.TimeFormat), "9223372036854775807", "", most, most},
		"no number":             {now.UTC().Format(http.TimeFormat), "soon", "", 0, 0},
		"more than a number":    {now.UTC().Format(http.TimeFormat), "99999999999999999999", "", 0, 0},
		"Retry-After":           {now.UTC().Format(http.TimeFormat), "", "17", 17 * time.Second, 17 * time.Second},
		"Retry-After as a date": {now.UTC().Format(http.TimeFormat), "", now.Add(17 * time.Second).UTC().Format(http.TimeFormat), 17 * time.Second, 17 * time.Second},
		"absurd Retry-After":    {now.UTC().Format(http.TimeFormat), "", "9223372037", most, most},
		"nothing":               {now.UTC().Format(http.TimeFormat), "", "", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", test.date)
				w.Header().Set("X-Rate-Limit-Reset", test.reset)
				w.Header().Set("Retry-After", test.after)
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, `{"errorCode":"E0000047"}`)
			})
			_, err := client.ListApps(t.Context())
			failure := transport.As(err)
			if failure == nil || failure.Kind != transport.RateLimited || failure.RetryAfter < test.least || failure.RetryAfter > test.longest {
				t.Errorf("got %+v, want a wait from %s to %s", failure, test.least, test.longest)
			}
		})
	}
}
