package codec

import (
	"crypto/cipher"
	"fmt"
	"maps"
	"os"
	"sync"
	"time"
)

// lookEvery is how often at the most the files of keys are looked at for a change.
const lookEvery = 10 * time.Second

// files are the files that a codec's keys are read from again.
type files struct {
	paths []string
	every time.Duration
	// told is told what is wrong with a file that has changed: the keys there were go on being used.
	told func(error)

	mutex sync.Mutex
	// looked is when the files were looked at last, and seen what they looked like.
	looked time.Time
	seen   string
}

// Follow has the codec read its keys from the files again when they change, and when it meets a key that it doesn't have: keys can be
// added, and another can become the first, while the process runs. The keys that it had it keeps, for decrypting. told is told what is
// wrong with a file.
func (c *Codec) Follow(paths []string, told func(error)) { c.follow(paths, told, lookEvery) }

func (c *Codec) follow(paths []string, told func(error), every time.Duration) {
	c.files = &files{paths: paths, every: every, told: told, looked: time.Now(), seen: appearance(paths)}
}

// look reads the files again when they have changed since they were looked at; now means that it doesn't matter when that was.
func (c *Codec) look(now bool) {
	f := c.files
	if f == nil || len(f.paths) == 0 {
		return
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if !now && time.Since(f.looked) < f.every {
		return
	}
	f.looked = time.Now()
	appears := appearance(f.paths)
	if appears == f.seen {
		return
	}
	f.seen = appears
	if err := c.readAgain(f.paths); err != nil {
		f.told(fmt.Errorf("the encryption keys have changed and can't be read again, so those that there were are used: %w", err))
	}
}

// readAgain takes over the keys of the files.
func (c *Codec) readAgain(paths []string) error {
	var keys []Key
	for _, path := range paths {
		read, err := ReadFile(path)
		if err != nil {
			return err
		}
		keys = append(keys, read...)
	}
	fresh, err := New(keys)
	if err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	all := maps.Clone(c.keys)
	maps.Copy(all, fresh.keys)
	c.keys, c.first = all, fresh.first
	return nil
}

// appearance is what files look like from outside, while nobody changes them.
func appearance(paths []string) (text string) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			text += fmt.Sprintln(err)
			continue
		}
		text += fmt.Sprintln(info.Size(), info.ModTime().UnixNano())
	}
	return text
}

// key is the key of an ID. One that isn't there is looked for in the files once more.
func (c *Codec) key(id string) (cipher.AEAD, bool) {
	if key, known := c.held(id); known {
		return key, true
	}
	c.look(true)
	return c.held(id)
}

func (c *Codec) held(id string) (cipher.AEAD, bool) {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	key, known := c.keys[id]
	return key, known
}

// encrypting is the key that encrypts, and its ID; "" for none.
func (c *Codec) encrypting() (string, cipher.AEAD) {
	c.look(false)
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	return c.first, c.keys[c.first]
}
