package okta

import (
	"fmt"
	"net/http"
)

// apiError is the body of every refusal by the management API.
type apiError struct {
	Code    string  `json:"errorCode"`
	Summary string  `json:"errorSummary"`
	Link    string  `json:"errorLink"`
	ID      string  `json:"errorId"`
	Causes  []cause `json:"errorCauses"`
}

// cause is one reason for a refusal.
type cause struct {
	Summary string `json:"errorSummary"`
}

// refuse makes the answer to a request that Okta turns down.
func refuse(status int, code, summary string, causes ...string) answer {
	body := apiError{Code: code, Summary: summary, Link: code, ID: newErrorID(), Causes: []cause{}}
	for _, text := range causes {
		body.Causes = append(body.Causes, cause{Summary: text})
	}
	return answer{status: status, body: body}
}

// newErrorID makes the id under which Okta's support finds an error.
func newErrorID() string { return "oae" + randomText(22) }

// invalid refuses a value. What is what Okta names in the summary: a field, or the kind of resource.
func invalid(what string, causes ...string) answer {
	return refuse(http.StatusBadRequest, "E0000001", "Api validation failed: "+what, causes...)
}

// malformed refuses a body that can't be read.
func malformed() answer {
	return refuse(http.StatusBadRequest, "E0000003", "The request body was not well-formed.")
}

// notFound says that there is no resource of a kind (in Okta's own words, such as AppInstance) with an id.
func notFound(id, kind string) answer {
	summary := fmt.Sprintf("Not found: Resource not found: %s (%s)", id, kind)
	return refuse(http.StatusNotFound, "E0000007", summary)
}

func pathNotFound() answer {
	return refuse(http.StatusNotFound, "E0000008", "The requested path was not found")
}

func methodNotSupported() answer {
	return refuse(http.StatusMethodNotAllowed, "E0000022", "The endpoint does not support the provided HTTP method")
}

func internalError() answer {
	return refuse(http.StatusInternalServerError, "E0000009", "Internal Server Error")
}

func invalidToken() answer {
	return refuse(http.StatusUnauthorized, "E0000011", "Invalid token provided")
}

func invalidSession() answer {
	return refuse(http.StatusForbidden, "E0000005", "Invalid session")
}

func accessDenied() answer {
	return refuse(http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action")
}

func featureMissing() answer {
	return refuse(http.StatusUnauthorized, "E0000015",
		"You do not have permission to access the feature you are requesting")
}

func tooManyRequests() answer {
	return refuse(http.StatusTooManyRequests, "E0000047", "API call exceeded rate limit due to too many requests.")
}

// WriteStatus answers with the body that Okta gives for a status. It is for faults that are injected in
// front of the org: no request is looked at.
func (o *Org) WriteStatus(w http.ResponseWriter, _ *http.Request, status int) {
	a := statusAnswer(status)
	a.status = status
	o.mu.Lock()
	defer o.mu.Unlock()
	if status == http.StatusTooManyRequests {
		exhausted(o.clock()).write(w.Header())
	}
	o.write(w, a)
}

func statusAnswer(status int) answer {
	switch status {
	case http.StatusBadRequest:
		return invalid("request", "The request was refused.")
	case http.StatusUnauthorized:
		return invalidToken()
	case http.StatusForbidden:
		return accessDenied()
	case http.StatusNotFound:
		return pathNotFound()
	case http.StatusMethodNotAllowed:
		return methodNotSupported()
	case http.StatusConflict:
		return refuse(status, "E0000195", "The request conflicts with another one. Please try again later.")
	case http.StatusLocked:
		return refuse(status, "E0000239", "Policy priorities are being reconciled. Please try again later.")
	case http.StatusTooManyRequests:
		return tooManyRequests()
	case http.StatusServiceUnavailable:
		return refuse(status, "E0000010", "Service is in read only mode")
	default:
		return internalError()
	}
}
