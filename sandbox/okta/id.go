package okta

import (
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"strings"
)

// idLength is the length of every Okta id, kind included.
const idLength = 20

// newID makes an id that nothing has had before, such as "0oa…" for an app, and numbers it.
func (o *Org) newID(kind string) (id string, sequence int) {
	return kind + randomText(idLength-len(kind)), o.nextSequence()
}

// seedID makes the id of something that is there from the start: the same after each reset.
func (o *Org) seedID(kind, name string) (id string, sequence int) {
	return o.stableID(kind, name), o.nextSequence()
}

// nextSequence is the number of what is created now: lists are in its order.
func (o *Org) nextSequence() int {
	o.sequence++
	return o.sequence
}

// stableID derives an id from the org's name and another, so that it is the same in each run.
func (o *Org) stableID(kind, name string) string {
	return kind + digestText(idLength-len(kind), o.config.Name, kind, name)
}

// orgID is the id of the org itself.
func (o *Org) orgID() string { return o.stableID("00o", "org") }

// digestText derives a text of letters and digits from others.
func digestText(length int, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return baseText(sum[:], length)
}

// randomText makes letters and digits that nobody can guess.
func randomText(length int) string {
	// 62 symbols carry less than 6 bits each: a byte for each is more than enough.
	random := make([]byte, length)
	_, _ = rand.Read(random) // never fails: it ends the program instead
	return baseText(random, length)
}

// baseText writes bytes as a number in base 62: its last digits, padded with zeros.
func baseText(bytes []byte, length int) string {
	text := new(big.Int).SetBytes(bytes).Text(62)
	text = strings.Repeat("0", length) + text
	return text[len(text)-length:]
}
