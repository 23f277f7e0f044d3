package transport

import (
	"fmt"
	"net/http"
	"time"
)

// clockTolerance is how far this machine's clock may be from a provider's before it is worth a word.
const clockTolerance = 5 * time.Minute

// clockOff says how far this machine's clock is from the provider's, by the Date of an answer to a request that was under way from
// start to end; "" where that is no distance to speak of.
func (t *roundTripper) clockOff(start, end time.Time, header http.Header) string {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return ""
	}
	provider := t.dialect.name()
	switch {
	case start.Sub(date) > clockTolerance:
		return fmt.Sprintf("this machine's clock is %s ahead of %s's", start.Sub(date).Round(time.Second), provider)
	case date.Sub(end) > clockTolerance:
		return fmt.Sprintf("this machine's clock is %s behind %s's", date.Sub(end).Round(time.Second), provider)
	default:
		return ""
	}
}

// warnOfClock logs once that the clock is wrong.
func (t *roundTripper) warnOfClock(off string) {
	if off != "" {
		t.clockWarned.Do(func() { t.options.Logger.Warn(off + "; set it, or have it set by NTP") })
	}
}
