// A workflow of another team: connecting a customer is one step of it, carried out by accessbridge as a child workflow.
import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  executeChild,
  isCancellation,
  ParentClosePolicy,
} from '@temporalio/workflow';

import type { Spec } from './contract.js';
import { type Connect, taskQueue, workflowId } from './names.js';
import { notConnected } from './outcome.js';

export interface Order {
  customer: string;
  // accessbridge's connection document. What is left out gets its default.
  connection: Spec;
  // Where accessbridge's worker listens, unless it is the usual queue.
  connectionTaskQueue?: string;
}

export interface Onboarded {
  customer: string;
  testUrl?: string;
}

export async function onboard(order: Order): Promise<Onboarded> {
  const { name } = order.connection;
  try {
    const result = await executeChild<Connect>('Connect', {
      args: [order.connection],
      workflowId: workflowId(name),
      taskQueue: order.connectionTaskQueue ?? taskQueue,
      // When the parent is terminated, nobody waits for the connection any more: it is rolled back.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      // A cancelled parent waits until accessbridge has put both sides back.
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    });
    return { customer: order.customer, testUrl: result.test_url };
  } catch (error) {
    if (isCancellation(error) && CancellationScope.current().consideredCancelled) {
      throw error; // the parent was cancelled, and the child with it
    }
    const outcome = notConnected(error);
    const why = outcome.kind === 'connected' ? '' : outcome.why;
    throw ApplicationFailure.nonRetryable(`${name} is not connected: ${why}`, 'NotConnected', outcome);
  }
}
