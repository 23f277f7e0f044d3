// How a run ended, in a client and in a parent workflow alike.
import { ApplicationFailure, CancelledFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

import type { Result } from './contract.js';

export type Outcome =
  | { kind: 'connected'; result: Result }
  // There was a reason not to start: nothing was changed.
  | { kind: 'refused'; why: string; result?: Result }
  // A step failed for good: both sides are as before.
  | { kind: 'rolled back'; why: string; result?: Result }
  // The run was cancelled: both sides are as before.
  | { kind: 'cancelled'; why: string; result?: Result }
  // Another run of the connection is open: nothing was changed. Try again later, or leave it alone.
  | { kind: 'busy'; why: string }
  // It was terminated or timed out, or a newer version of accessbridge says something that this program doesn't know: a plan tells the
  // state of both sides.
  | { kind: 'unknown'; why: string; result?: Result };

// notConnected reads what starting a run, or waiting for its result, has thrown.
export function notConnected(error: unknown): Outcome {
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    return { kind: 'busy', why: 'another run of the connection is open' };
  }
  // A client's WorkflowFailedError and a parent's ChildWorkflowFailure both have the run's own failure as their cause.
  const failure = error instanceof Error ? error.cause : undefined;
  if (failure instanceof CancelledFailure) {
    return { kind: 'cancelled', why: 'its run was cancelled', result: detail(failure) };
  }
  if (failure instanceof ApplicationFailure) {
    return { kind: kinds[failure.type ?? ''] ?? 'unknown', why: failure.message, result: detail(failure) };
  }
  return { kind: 'unknown', why: String(failure ?? error) };
}

const kinds: Record<string, 'refused' | 'rolled back'> = { Refused: 'refused', RolledBack: 'rolled back' };

// detail is accessbridge's own account of a run that failed: its failure names the step, the provider and what a person can do.
function detail(failure: ApplicationFailure | CancelledFailure): Result | undefined {
  return failure.details?.[0] as Result | undefined;
}
