package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// windowLength is the least part of a secret, in any form, that counts as found. Shorter ones appear by chance.
const windowLength = 12

// finder searches for secrets, whole and in parts, as they are and as programs write them.
type finder map[string]string

// add makes the finder look for a secret.
func (f finder) add(name, secret string) {
	for form, text := range forms(secret) {
		for i := 0; i+windowLength <= len(text); i++ {
			f[text[i:i+windowLength]] = name + ", " + form
		}
	}
}

// find tells which secret is in a text first, in which form, and after what; "" when none is.
func (f finder) find(text string) string {
	for i := 0; i+windowLength <= len(text); i++ {
		if name, found := f[text[i:i+windowLength]]; found {
			return fmt.Sprintf("%s, after %q", name, text[max(0, i-80):i])
		}
	}
	return ""
}

// forms are the ways in which a secret can be written. In base64 it looks otherwise for each place that it can have in a longer
// text, and its edges share characters with what is around it.
func forms(secret string) map[string]string {
	var percent strings.Builder
	for _, each := range []byte(secret) {
		fmt.Fprintf(&percent, "%%%02X", each)
	}
	all := map[string]string{
		"plain": secret, "URL-encoded": url.QueryEscape(secret), "URL-encoded in full": percent.String(),
		"in small letters": strings.ToLower(secret), "hexadecimal": hex.EncodeToString([]byte(secret)),
	}
	for shift := range 3 {
		padded := []byte(strings.Repeat("\x00", shift) + secret)
		padded = padded[:len(padded)-len(padded)%3]
		from := (shift*8 + 5) / 6
		all[fmt.Sprint("base64 at ", shift)] = base64.StdEncoding.EncodeToString(padded)[from:]
		all[fmt.Sprint("base64 for URLs at ", shift)] = base64.URLEncoding.EncodeToString(padded)[from:]
	}
	return all
}

func TestFinder_FindsASecretInEveryFormAndPart(t *testing.T) {
	t.Parallel()
	const secret = "00-a?secret+that/nobody~may~see"
	search := finder{}
	search.add("secret", secret)
	for name, text := range map[string]string{
		"whole": secret, "first part": secret[:16], "last part": secret[len(secret)-16:], "middle": secret[8:22],
		"URL-encoded": url.QueryEscape("x " + secret + " y"), "path": url.PathEscape(secret), "hexadecimal": hex.EncodeToString([]byte(secret)),
		"basic authentication": base64.StdEncoding.EncodeToString([]byte("client:" + secret)),
		"base64 at 0":          base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 at 1":          base64.RawStdEncoding.EncodeToString([]byte("x" + secret + "y")),
		"base64 at 2":          base64.RawURLEncoding.EncodeToString([]byte("xx" + secret + "y")),
		"base64 of a part":     base64.StdEncoding.EncodeToString([]byte(`{"secret":"` + secret[6:24])),
	} {
		if search.find("before "+text+" after") == "" {
			t.Errorf("%s: it isn't found in %q", name, text)
		}
	}
	if found := search.find("00-a?secret, another text, and [redacted]"); found != "" {
		t.Errorf("found %s where there is none", found)
	}
}
