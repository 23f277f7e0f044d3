package main

import (
	"errors"
	"log"
	"log/slog"
	"regexp"
	"strings"
)

// takeStandardLog makes what libraries write to the standard logger lines of the worker's log, without what they quote: net/http
// writes there what it finds on an idle connection, which can be the rest of an answer with a secret.
func takeStandardLog(logger *slog.Logger) {
	log.SetFlags(0)
	log.SetOutput(standardLog{logger})
}

type standardLog struct{ logger *slog.Logger }

// quotation is a text in quotes, as %q writes it, up to the line's end where it isn't closed.
var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*(?:"|\\?$)`)

// Write logs a line with its quotations blanked.
func (s standardLog) Write(line []byte) (int, error) {
	text, _, _ := strings.Cut(strings.TrimSpace(string(line)), "\n")
	if strings.HasPrefix(text, "Unsolicited response") {
		text = "a server sent more than it was asked for; the connection was closed"
	}
	s.logger.Warn("library: " + quotation.ReplaceAllString(text, `"…"`))
	return len(line), nil
}

// refuseDebugging is an error when GODEBUG makes net/http log the headers of every HTTP/2 request, API tokens among them.
func refuseDebugging(godebug string) error {
	// net/http looks for exactly these, wherever in the value they are.
	if strings.Contains(godebug, "http2debug=1") || strings.Contains(godebug, "http2debug=2") {
		return errors.New("the environment variable GODEBUG holds http2debug, which would write API tokens to the log; take http2debug out of it and start again")
	}
	return nil
}
