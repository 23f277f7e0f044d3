package cloudflare

import (
	"encoding/json"
	"net/http"
)

// reply is what a handler answers with; the envelope goes around it.
type reply struct {
	status   int
	result   any
	info     *resultInfo
	messages []message
	errors   []problem
}

// envelope is the shape of every answer.
type envelope struct {
	Success    bool        `json:"success"`
	Errors     []problem   `json:"errors"`
	Messages   []message   `json:"messages"`
	Result     any         `json:"result"`
	ResultInfo *resultInfo `json:"result_info,omitempty"`
}

// message says something about a success. Its type is there, and null.
type message struct {
	Code    int     `json:"code"`
	Message string  `json:"message"`
	Type    *string `json:"type"`
}

// problem is an error.
type problem struct {
	Code    int     `json:"code"`
	Message string  `json:"message"`
	Chain   []cause `json:"error_chain,omitempty"`
}

// cause is one link of an error's chain.
type cause struct {
	Code    int    `json:"code,omitempty"`
	Message string `json:"message"`
}

func ok(result any) reply { return reply{status: http.StatusOK, result: result} }

func created(result any) reply { return reply{status: http.StatusCreated, result: result} }

// accepted is the answer to a delete: the id alone.
func accepted(id string) reply {
	return reply{status: http.StatusAccepted, result: resource{"id": id}}
}

func fail(status, code int, message string, chain ...cause) reply {
	return reply{status: status, errors: []problem{{code, message, chain}}}
}

// The failures, with the codes and the messages that were seen live (the facts say where).
func failNoRoute() reply { return fail(http.StatusNotFound, 7003, "No route for the URI") }

func failAuthentication() reply { return fail(http.StatusForbidden, 10000, "Authentication error") }

func failNotFound() reply {
	return fail(http.StatusNotFound, 12135, "access.api.error.not_found")
}

func failUnknownApplication() reply {
	return fail(http.StatusNotFound, 11021, "access.api.error.unknown_application")
}

func failInvalidPolicy() reply {
	return fail(http.StatusBadRequest, 11017, "access.api.error.invalid_policy")
}

func failInvalid(detail string, chain ...cause) reply {
	return fail(http.StatusBadRequest, 12130, "access.api.error.invalid_request: "+detail, chain...)
}

func failConflict(detail string) reply {
	return fail(http.StatusConflict, 12132, "access.api.error.conflict: "+detail)
}

// write sends the reply in its envelope.
func (r reply) write(w http.ResponseWriter) {
	body := envelope{
		Success: len(r.errors) == 0, Errors: r.errors, Messages: r.messages,
		Result: r.result, ResultInfo: r.info,
	}
	if body.Errors == nil {
		body.Errors = []problem{}
	}
	if body.Messages == nil {
		body.Messages = []message{}
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(err) // the results come out of JSON
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	_, _ = w.Write(encoded)
}
