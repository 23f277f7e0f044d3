package activities

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// causes says what went wrong in calls that were made at the same time, each cause once: one refused token fails them all. The problems
// are nil where there is one cause.
func causes(err error) (message string, problems []connection.Problem) {
	var lines []string
	seen := map[string]bool{}
	for _, each := range branches(err) {
		problem := connection.Problem{Message: each.Error()}
		cause := problem.Message
		if failure := transport.As(each); failure != nil {
			problem.Path, problem.Advice = failure.Credential, advise(failure)
			cause = cmp.Or(problem.Advice, fmt.Sprint(failure.Kind, failure.Status, failure.Code, failure.Summary)) + failure.Provider
		}
		if !seen[cause] {
			seen[cause] = true
			lines, problems = append(lines, problem.Message), append(problems, problem)
		}
	}
	if len(problems) == 1 {
		problems = nil
	}
	return strings.Join(lines, "\n"), problems
}

// branches are the errors that were joined, or the error itself.
func branches(err error) []error {
	joined, several := err.(interface{ Unwrap() []error })
	if !several {
		return []error{err}
	}
	var all []error
	for _, each := range joined.Unwrap() {
		all = append(all, branches(each)...)
	}
	return all
}

// newToken says where a new API token belongs.
func newToken(credential string) string {
	if strings.HasSuffix(credential, "_file") {
		return "put a new one into the file that " + credential + " names in the worker's configuration"
	}
	return "put a new one into " + credential + " of the worker's configuration, and restart the worker"
}

// held says which API token an advice is about, where that is known.
func held(credential string) string {
	if credential == "" {
		return ""
	}
	return " (the worker holds it as " + credential + ")"
}
