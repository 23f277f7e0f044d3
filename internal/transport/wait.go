package transport

import (
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// undated is how long to wait at the most for an instant in an answer without a Date: this machine's clock may be wrong, and the
// buckets of rate limits are a minute long.
const undated = time.Minute

// Until is the time from an answer to an instant that it names, by the provider's own clock: within 0 and most.
func Until(header http.Header, instant time.Time, most time.Duration) time.Duration {
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now, most = time.Now(), min(most, undated)
	}
	return min(max(instant.Sub(now), 0), most)
}

var secondsForm = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// Seconds reads a number of seconds, and reports whether it is one: within 0 and most.
func Seconds(text string, most time.Duration) (time.Duration, bool) {
	if !secondsForm.MatchString(text) {
		return 0, false
	}
	seconds, _ := strconv.ParseFloat(text, 64) // a number that is too large for it is infinite
	return time.Duration(min(seconds, most.Seconds()) * float64(time.Second)), true
}

// RetryAfter reads the header of that name, which holds seconds or a date, and reports whether it says anything: within 0 and most.
func RetryAfter(header http.Header, most time.Duration) (time.Duration, bool) {
	text := header.Get("Retry-After")
	if wait, isNumber := Seconds(text, most); isNumber {
		return wait, true
	}
	instant, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return Until(header, instant, most), true
}
