package transport

import "context"

// Guard is asked before each request that changes something. Settle is called when the request has ended, with its failure or nil.
// An error holds the request back: nothing was sent.
type Guard func(context.Context) (settle func(failure *Error), err error)

type guardKey struct{}

// Guarded returns a context whose changes are guarded.
func Guarded(ctx context.Context, guard Guard) context.Context {
	return context.WithValue(ctx, guardKey{}, guard)
}

// guard asks the context's guard, if there is one.
func guard(ctx context.Context) (settle func(failure *Error), err error) {
	if ask, guarded := ctx.Value(guardKey{}).(Guard); guarded {
		return ask(ctx)
	}
	return func(*Error) {}, nil
}
