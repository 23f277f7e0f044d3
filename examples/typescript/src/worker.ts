// The worker of the other team. It holds no credential of Okta or Cloudflare.
import { fileURLToPath } from 'node:url';

import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker } from '@temporalio/worker';

const { connectionOptions, namespace } = loadClientConnectConfig();
const connection = await NativeConnection.connect(connectionOptions);
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: process.env.ONBOARDING_TASK_QUEUE ?? 'customer-onboarding-typescript',
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
});
await worker.run();
await connection.close();
