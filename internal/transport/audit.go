package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"time"
)

// The results of a change in the audit log.
const (
	auditDone    = "done"
	auditRefused = "refused"
	auditUnknown = "unknown" // it may have been carried out: its answer was lost, or tells nothing
)

type onBehalfKey struct{}

// OnBehalf returns a context whose changes the audit log tells with these attributes: of whom they are.
func OnBehalf(ctx context.Context, attributes ...slog.Attr) context.Context {
	return context.WithValue(ctx, onBehalfKey{}, slices.Concat(onBehalf(ctx), attributes))
}

func onBehalf(ctx context.Context) []slog.Attr {
	attributes, _ := ctx.Value(onBehalfKey{}).([]slog.Attr)
	return attributes
}

// audit writes the line of one change that was sent.
func (t *roundTripper) audit(request *http.Request, began time.Time, response *http.Response, err error) {
	if t.options.Audit == nil {
		return
	}
	_, kind, ids := t.dialect.Endpoints.Find(request.URL.Path)
	attributes := []slog.Attr{
		slog.String("provider", t.dialect.Provider), slog.String("owner", t.options.Owner),
		slog.String("method", request.Method), slog.String("path", request.URL.Path), slog.String("kind", kind),
		slog.String("id", t.changed(request, response, ids)),
	}
	attributes = append(attributes, t.became(request, response, As(err))...)
	attributes = append(attributes, slog.Duration("duration", time.Since(began)))
	t.options.Audit.LogAttrs(request.Context(), slog.LevelInfo, "audit", append(attributes, onBehalf(request.Context())...)...)
}

// became is what became of a change.
func (t *roundTripper) became(request *http.Request, response *http.Response, failure *Error) []slog.Attr {
	if failure == nil {
		return []slog.Attr{
			slog.String("result", auditDone), slog.Int("status", response.StatusCode), slog.String("request_id", t.requestID(request, response)),
		}
	}
	result := auditRefused
	if failure.Ambiguous() {
		result = auditUnknown
	}
	return []slog.Attr{
		slog.String("result", result), slog.Int("status", failure.Status), slog.String("request_id", failure.RequestID),
		slog.String("error", string(failure.Kind)),
	}
}

// idForm is what ids of both providers look like. Nothing else is taken out of an answer.
var idForm = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// changed is the id of what a change changed: what a create answered with, or else the last id in the path.
func (t *roundTripper) changed(request *http.Request, response *http.Response, ids []string) string {
	if request.Method == http.MethodPost && response != nil {
		if id := createdID(response); idForm.MatchString(id) && scrub(request, id) == id {
			return id
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return ids[len(ids)-1]
}

// createdID reads the id of what was created, at the top of the answer or in its envelope. The answer can be read again.
func createdID(response *http.Response) string {
	body, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(body))
	var answer struct {
		ID     string `json:"id"`
		Result struct {
			ID string `json:"id"`
		} `json:"result"`
	}
	if err != nil || json.Unmarshal(body, &answer) != nil {
		return ""
	}
	if answer.ID != "" {
		return answer.ID
	}
	return answer.Result.ID
}
