// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { connectCluster } from '../../kube/connect.js';
import { checkServerPorts } from '../../model/check.js';
import { runProgram } from '../run-program.js';
import { checkServerEnvironment } from './environment.js';
import { loopbackPort } from './place.js';
import { startCheckServer } from './server.js';

const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token';
/** Endpoints of a Service lose a pod that ends within a second or two. */
const drainMs = 3000;

/** The program of the server's container: runs until SIGTERM or SIGINT, and gives its Lease back. */
export function run(): Promise<void> {
  return runProgram(async ({ log, ending }) => {
    const { place, name, address, legacy } = checkServerEnvironment(process.env);
    const cluster = await connectCluster({});
    const ports = { ...checkServerPorts, loopback: loopbackPort, legacy: legacy ? checkServerPorts.legacy : undefined };
    const ownToken = async (): Promise<string> => (await readFile(tokenFile, 'utf8')).trim();
    try {
      const server = await startCheckServer({ cluster, place, name, address, ports, ownToken, drainMs, log });
      log(
        `serves the API on port ${server.ports.api}, /metrics on ${server.ports.metrics}, /readyz on ${server.ports.health}`,
      );
      await Promise.race([ending, server.ended]);
      await server.stop();
    } finally {
      cluster.close();
    }
  });
}
