package onboarding

import (
	"context"
	"sync"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
)

// Services are the team's activities, and the systems of theirs that they use.
type Services struct {
	Records *Records
	// Deliver hands a notice to the customer. Default: it is written to the log.
	Deliver func(context.Context, Notice) error
}

// Records are the customers that the team knows, in memory. The zero value knows none.
type Records struct {
	mu    sync.Mutex
	known map[string]bool
}

// Has tells whether there is a record of the customer.
func (r *Records) Has(customer string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known[customer]
}

func (r *Records) set(customer string, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = map[string]bool{}
	}
	r.known[customer] = known
}

// Notice is what a customer is told.
type Notice struct {
	Customer string `json:"customer"`
	To       string `json:"to"`
	// TestURL is where the customer can try to sign in.
	TestURL string `json:"test_url"`
}

// Register makes a worker carry out the team's workflows and steps.
func Register(registry worker.Registry, services *Services) {
	registry.RegisterWorkflow(Onboard)
	registry.RegisterWorkflow(KeepConnected)
	registry.RegisterActivity(services)
}

// CreateRecord notes the customer. It may be repeated.
func (s *Services) CreateRecord(ctx context.Context, customer string) error {
	s.Records.set(customer, true)
	activity.GetLogger(ctx).Info("customer recorded", "customer", customer)
	return nil
}

// RemoveRecord forgets the customer. It may be repeated.
func (s *Services) RemoveRecord(ctx context.Context, customer string) error {
	s.Records.set(customer, false)
	activity.GetLogger(ctx).Info("customer removed", "customer", customer)
	return nil
}

// SendWelcome tells the customer where to try the connection.
func (s *Services) SendWelcome(ctx context.Context, notice Notice) error {
	if s.Deliver != nil {
		return s.Deliver(ctx, notice)
	}
	activity.GetLogger(ctx).Info("customer welcomed", "customer", notice.Customer, "to", notice.To, "test_url", notice.TestURL)
	return nil
}
