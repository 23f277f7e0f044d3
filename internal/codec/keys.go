package codec

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/accessbridge/accessbridge/internal/secret"
)

// keyBytes is the length of an AES-256 key.
const keyBytes = 32

// mostKeyFile is the size that no file of keys has.
const mostKeyFile = 64 << 10

// keyID is what an ID may look like: it stands in every payload and in messages.
var keyID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// Key is an AES-256 key.
type Key struct {
	// ID names the key for ever: it stands beside everything that it encrypted.
	ID    string
	Value secret.Secret
}

// Parse reads a key as ID:BASE64. Its errors show nothing of the value.
func Parse(text string) (Key, error) {
	id, value, found := strings.Cut(strings.TrimSpace(text), ":")
	if !found {
		return Key{}, errors.New("it must be ID:BASE64, such as 2026-11: and what `openssl rand -base64 32` prints; it has no colon")
	}
	if !keyID.MatchString(id) {
		// The ID isn't shown: parts of a key may have got here by mistake.
		return Key{}, errors.New("its ID, before the colon, must be letters, digits, dots, hyphens and underscores, at most 64")
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
	if err != nil {
		return Key{}, fmt.Errorf("the value of %q is not base64; make one with: openssl rand -base64 32", id)
	}
	if len(decoded) != keyBytes {
		return Key{}, fmt.Errorf("the value of %q has %d bytes, an AES-256 key has %d; make one with: openssl rand -base64 32", id, len(decoded), keyBytes)
	}
	return Key{ID: id, Value: secret.New(string(decoded))}, nil
}

// ReadFile reads the keys of a file, one a line; lines that are empty or begin with # are left out.
func ReadFile(path string) ([]Key, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err == nil && info.Size() > mostKeyFile {
		err = errors.New("it is larger than 64 KiB")
	}
	var content []byte
	if err == nil {
		content, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s can't be read: %w", secret.ShownPath(path), withoutPath(err))
	}
	var keys []Key
	for number, line := range strings.Split(string(content), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, err := Parse(line)
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, number+1, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s holds no key; write a line ID:BASE64 into it", path)
	}
	return keys, nil
}

// withoutPath is what the system said about a file that is named anyway.
func withoutPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// Split is the elements of a list as a variable or a flag writes it: separated by commas.
func Split(list string) []string {
	var elements []string
	for element := range strings.SplitSeq(list, ",") {
		if element = strings.TrimSpace(element); element != "" {
			elements = append(elements, element)
		}
	}
	return elements
}
