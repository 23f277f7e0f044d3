package kit

import (
	"encoding/json"
	"fmt"
	"time"
)

// Duration is written in JSON as Go writes durations ("2s"), or as a number of milliseconds.
type Duration time.Duration

// MarshalJSON writes the duration as Go does: "2s".
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// UnmarshalJSON reads "2s", or a number of milliseconds.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var milliseconds float64
	if json.Unmarshal(data, &milliseconds) == nil {
		*d = Duration(milliseconds * float64(time.Millisecond))
		return nil
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a delay is a text like \"2s\" or a number of milliseconds, not %s", data)
	}
	parsed, err := time.ParseDuration(text)
	*d = Duration(parsed)
	return err
}
