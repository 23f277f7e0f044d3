// What accessbridge calls things, and what its workflows take and return: docs/contract.md. Clients and workflows use it alike.
import type { Result, Spec } from './contract.js';

export const taskQueue = 'accessbridge';

// The ID is the connection's lock: accessbridge refuses a run with another one.
export const workflowId = (name: string) => `accessbridge/${name}`;

export type Connect = (document: Spec) => Promise<Result>;
