package kit

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"time"
)

const garbage = "<html><body>This is not the answer you are looking for.</body></html>"

// serveFault answers a request that a fault strikes.
func (s *Server) serveFault(w http.ResponseWriter, r *http.Request, body []byte, fault Fault, entry Request) {
	switch fault.Kind {
	case KindDropBefore:
		s.journal.add(entry)
		cut(w)
	case KindDropAfter:
		s.execute(r, body, &entry)
		s.journal.add(entry)
		cut(w)
	case KindDelay:
		if !wait(r, time.Duration(fault.Delay)) {
			s.journal.add(entry)
			return
		}
		s.answer(w, s.execute(r, body, &entry), entry)
	case KindDelayAfter:
		recorder := s.execute(r, body, &entry)
		line := s.journal.add(entry) // what is done is in the journal, whether or not the client waits for the answer
		if wait(r, time.Duration(fault.Delay)) {
			s.answerLater(w, recorder, line)
		}
	case KindLate:
		s.serveLate(w, r, body, fault, entry)
	case KindStatusAfter:
		s.execute(r, body, &entry)
		s.answer(w, s.made(r, fault, fault.Status, ""), entry)
	case KindGarbage:
		s.answer(w, s.made(r, fault, http.StatusOK, garbage), entry)
	default:
		s.answer(w, s.made(r, fault, fault.Status, ""), entry)
	}
}

// made is an answer that the simulator has no part in.
func (s *Server) made(r *http.Request, fault Fault, status int, body string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	if fault.Body != "" {
		body = fault.Body
	}
	writer, ok := s.simulator.(StatusWriter)
	if fault.Kind != KindGarbage && body == "" && ok {
		for name, value := range fault.Headers {
			recorder.Header().Set(name, value)
		}
		writer.WriteStatus(recorder, r, status)
		return recorder
	}
	recorder.Header().Set("Content-Type", "application/json")
	if fault.Kind == KindGarbage {
		recorder.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	for name, value := range fault.Headers {
		recorder.Header().Set(name, value)
	}
	recorder.WriteHeader(status)
	_, _ = recorder.WriteString(body)
	return recorder
}

// cut closes the TCP connection under the answer, without TLS's goodbye: what a client sees when a
// network or a process dies.
func cut(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // no connection to take over (HTTP/2): the server ends it for us
	}
	if encrypted, ok := connection.(*tls.Conn); ok {
		connection = encrypted.NetConn()
	}
	_ = connection.Close()
}
