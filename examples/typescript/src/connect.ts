// A plain client: it starts a run for a connection document, follows it, and says how it ended.
//
//     node dist/connect.js acme.json
//
// Temporal is found by the standard TEMPORAL_* variables and profiles.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import type { Progress, Spec } from './contract.js';
import { type Connect, taskQueue, workflowId } from './names.js';
import { notConnected, type Outcome } from './outcome.js';

async function connect(client: Client, document: Spec): Promise<Outcome> {
  try {
    const run = await client.workflow.start<Connect>('Connect', {
      args: [document],
      workflowId: workflowId(document.name),
      taskQueue: process.env.ACCESSBRIDGE_TASK_QUEUE ?? taskQueue,
      // An open run is somebody's: leave it alone. TerminateExisting would leave it half-done.
      workflowIdConflictPolicy: 'FAIL',
      // A connection is connected again and again under its ID.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      // No timeouts and no retry policy: the document's time_budget is the bound that rolls back.
    });
    await follow(run);
    return { kind: 'connected', result: await run.result() };
  } catch (error) {
    return notConnected(error);
  }
}

// follow shows each step as it changes, until the run has ended.
async function follow(run: WorkflowHandle<Connect>): Promise<void> {
  const ended = run.result().then(() => false, () => false);
  const shown = new Set<string>();
  for (let open = true; open; ) {
    open = await Promise.race([ended, sleep(500, true)]);
    const progress = await run.query<Progress>('progress');
    for (const step of progress.steps) {
      show(shown, `${step.title}: ${step.status}${step.last_error ? ` (${step.last_error})` : ''}`);
    }
    if (progress.needs) {
      show(shown, `waiting for a person: ${progress.needs.message}; ${progress.needs.advice ?? ''}`);
    }
  }
}

function show(shown: Set<string>, line: string): void {
  if (!shown.has(line)) {
    console.error(line);
    shown.add(line);
  }
}

const [file] = process.argv.slice(2);
if (!file) {
  console.error('usage: node dist/connect.js DOCUMENT.json');
  process.exit(2);
}
const document = JSON.parse(await readFile(file, 'utf8')) as Spec;
const { connectionOptions, namespace } = loadClientConnectConfig();
const connection = await Connection.connect(connectionOptions);
const outcome = await connect(new Client({ connection, namespace }), document);
await connection.close();
console.log(JSON.stringify(outcome));
process.exitCode = outcome.kind === 'connected' ? 0 : 1;
