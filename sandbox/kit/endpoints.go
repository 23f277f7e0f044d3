package kit

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// newEndpoints are the /_sandbox/ endpoints. What comes in through them isn't in the journal.
func (s *Server) newEndpoints() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/requests", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, s.Requests())
	})
	mux.HandleFunc("GET /_sandbox/state", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, s.simulator.State())
	})
	mux.HandleFunc("GET /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, s.Faults())
	})
	mux.HandleFunc("POST /_sandbox/faults", s.postFaults)
	mux.HandleFunc("DELETE /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /_sandbox/hands", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, s.Hands())
	})
	mux.HandleFunc("GET /_sandbox/pending", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]int{"pending": s.Pending()})
	})
	mux.HandleFunc("POST /_sandbox/reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

// Reset takes the simulator back to what it was seeded with, and forgets the journal, the faults, what was done by
// hand, and the late requests that weren't carried out yet.
func (s *Server) Reset() {
	s.ClearFaults()
	s.DropLate()
	s.simulator.Reset()
	s.journal.clear()
	s.hands.clear()
}

// State is the simulator's, as GET /_sandbox/state shows it: indented JSON, for a test to compare.
func (s *Server) State() (string, error) {
	encoded, err := json.MarshalIndent(s.simulator.State(), "", "  ")
	return string(encoded), err
}

// postFaults arms one fault, or each of a list.
func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	injected := make([]Fault, 1)
	var target any = &injected[0]
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		target = &injected
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	for _, fault := range injected {
		if err := s.check(fault); err != nil {
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
	}
	for _, fault := range injected {
		s.Inject(fault)
	}
	writeJSON(w, http.StatusCreated, injected)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	encoded, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(encoded, '\n'))
}
