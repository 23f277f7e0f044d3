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
	said  map[string]said
}

type said struct {
	value string
	until time.Time
}

// note remembers what was said.
func (p *proofs) note(words []string, value string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	now := time.Now()
	if p.said == nil {
		p.said = map[string]said{}
	}
	for what, old := range p.said {
		if now.After(old.until) {
			delete(p.said, what)
		}
	}
	p.said[strings.Join(words, "\x00")] = said{value, now.Add(provenFor)}
}

// forget is for what isn't so any more.
func (p *proofs) forget(words []string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	delete(p.said, strings.Join(words, "\x00"))
}

// held is what was said lately, and whether it was.
func (p *proofs) held(words []string) (value string, held bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	found := p.said[strings.Join(words, "\x00")]
	return found.value, time.Now().Before(found.until)
}
