package activities

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
)

// Fence says for whom a step is: which run, and which org and account that run surveyed. Workers can be configured differently,
// and a run that was reset in Temporal can be older than what others have done since.
type Fence struct {
	// Run is the run's ID, the one that a reset keeps, and Started when it started.
	Run     string    `json:"run,omitempty" form:"run"`
	Started time.Time `json:"started,omitzero"`
	// Connection is the connection's name.
	Connection string `json:"connection,omitempty" form:"name"`
	// OktaURL and AccountID are of the org and the account that were surveyed; "" in runs of earlier versions.
	OktaURL   string `json:"okta_url,omitempty" form:"text"`
	AccountID string `json:"account_id,omitempty" form:"cloudflare"`
}

// reset reports whether the run was reset in Temporal, so that another may have come between. It is seen here, not told by the run: a
// step that was pending where the run was reset to is scheduled again as it was.
func (f Fence) reset(ctx context.Context) bool {
	return f.Run != "" && f.Run != activity.GetInfo(ctx).WorkflowExecution.RunID
}

// resetAt is when the run was reset; zero when it wasn't. The run that goes on after a reset starts then.
func (f Fence) resetAt(ctx context.Context) (time.Time, error) {
	server := activity.GetClient(ctx)
	if !f.reset(ctx) || server == nil {
		return time.Time{}, nil
	}
	own := activity.GetInfo(ctx).WorkflowExecution
	described, err := server.DescribeWorkflowExecution(ctx, own.ID, own.RunID)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when run %s was reset: %w", own.RunID, err)
	}
	return described.GetWorkflowExecutionInfo().GetStartTime().AsTime(), nil
}

// sameOrg refuses an org that is not the one that was surveyed.
func (f Fence) sameOrg(name, url string) error { return f.sameAs("Okta org", name, f.OktaURL, url) }

// sameAccount refuses an account that is not the one that was surveyed.
func (f Fence) sameAccount(name, id string) error {
	return f.sameAs("Cloudflare account", name, f.AccountID, id)
}

// sameAs is retried: another worker may be configured as the one that surveyed.
func (f Fence) sameAs(kind, name, surveyed, held string) error {
	if surveyed == "" || strings.EqualFold(surveyed, held) { // an earlier version kept a URL as it was written
		return nil
	}
	return otherConfiguration(fmt.Sprintf("%s %q is %s for this worker, but the run surveyed %s", kind, name, held, surveyed))
}

// unheld is the error for an org or an account that the run surveyed, and that this worker holds no credentials of.
func unheld(kind, surveyed string) error {
	return otherConfiguration(fmt.Sprintf("no %s of this worker is %s, but the run surveyed that", kind, surveyed))
}

func otherConfiguration(message string) error {
	return temporal.NewApplicationErrorWithOptions(message, "OtherConfiguration", temporal.ApplicationErrorOptions{Details: []any{Detail{
		Message: message, Advice: "give all workers of a task queue the same configuration",
	}}})
}
