// SPDX-License-Identifier: Apache-2.0
import { connectCluster } from '../../kube/connect.js';
import { agentImages } from '../agent-images.js';
import { runProgram } from '../run-program.js';
import { startWebhook } from './webhook.js';

const ports = { admission: 9443, health: 8081, metrics: 8080 };
/** Endpoints of a Service lose a pod that ends within a second or two. */
const drainMs = 5000;

/** The program of the webhook's container: runs until SIGTERM or SIGINT, and then ends by itself within 10 s. */
export function run(): Promise<void> {
  return runProgram(async ({ log, ending }) => {
    const images = agentImages(process.env);
    // In a pod this is its own service account, and its namespace that of the pod.
    const cluster = await connectCluster({});
    try {
      const webhook = await startWebhook({ cluster, namespace: cluster.namespace, images, ports, drainMs, log });
      log(`answers reviews on port ${webhook.ports.admission}`);
      await ending;
      await webhook.stop();
    } finally {
      cluster.close();
    }
  });
}
