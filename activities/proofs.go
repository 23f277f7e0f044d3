package activities

import (
	"strings"
	"sync"
	"time"
)

// provenFor is how long what a provider said of a thing is believed without asking again: the steps of a run follow each other closely.
const provenFor = time.Minute

// proofs remember what providers said lately, each by words that name it. They stay in this process: a step that another worker carries
// out asks for itself.
type proofs struct {
	mutex sync.Mutex
	until map[string]time.Time
}

func proof(words []string) string { return strings.Join(words, "\x00") }

// note remembers that something was proven.
func (p *proofs) note(words ...string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	now := time.Now()
	if p.until == nil {
		p.until = map[string]time.Time{}
	}
	for what, until := range p.until {
		if now.After(until) {
			delete(p.until, what)
		}
	}
	p.until[proof(words)] = now.Add(provenFor)
}

// hold reports whether something was proven lately.
func (p *proofs) hold(words ...string) bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return time.Now().Before(p.until[proof(words)])
}
