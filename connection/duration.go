package connection

import "time"

// Duration is a length of time that reads and writes as Go writes it: "90s", "15m", "24h".
type Duration time.Duration

// MarshalText writes the duration as Go does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// String is the duration as Go writes it.
func (d Duration) String() string { return time.Duration(d).String() }
