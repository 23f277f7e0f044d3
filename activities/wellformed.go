package activities

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// wellFormed refuses the input of a step that holds an id or a number of another form than its field's, or a document that isn't sound.
// Our own workflows send none, but whoever may write to the namespace can schedule a step.
func wellFormed(arguments []any) error {
	var faults []connection.Fault
	for _, input := range arguments {
		faults = append(faults, planner.Malformed(input)...)
		var document *connection.Faults
		if survey, is := input.(SurveyRequest); is && errors.As(survey.Validate(), &document) {
			faults = append(faults, document.Faults...)
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return malformed(faults...)
}

// malformed is the error of a step whose input no workflow of ours sends.
func malformed(faults ...connection.Fault) error {
	message := "the step's input is malformed: " + (&connection.Faults{Faults: faults}).Error()
	return temporal.NewNonRetryableApplicationError(message, "MalformedInput", nil, Detail{
		Message: message, Advice: "nothing was asked for; start the connection's workflow instead of scheduling the step by itself",
	})
}
