// SPDX-License-Identifier: Apache-2.0
import { connectCluster } from '../../kube/connect.js';
import { runProgram } from '../run-program.js';
import { startController } from './controller.js';
import { controllerEnvironment } from './environment.js';

/** The program of the controller's container: runs until SIGTERM or SIGINT, and gives its Lease back. */
export function run(): Promise<void> {
  return runProgram(async ({ log, ending }) => {
    const environment = controllerEnvironment(process.env);
    const cluster = await connectCluster({});
    try {
      const controller = await startController({ cluster, environment, log });
      log(`serves /metrics on port ${controller.metricsPort}, /healthz and /readyz on port ${controller.healthPort}`);
      await Promise.race([ending, controller.ended]);
      await controller.stop();
    } finally {
      cluster.close();
    }
  });
}
