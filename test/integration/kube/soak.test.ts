// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { execWhenReady } from '../../../src/kube/exec-when-ready.js';
import { markWork } from '../../../src/kube/tool-container-script.js';
import { prepareToolContainer } from '../../../src/kube/tool-container.js';
import { runningPod, temporaryNamespace } from './namespace.js';

const execs = 500;
const atOnce = 5;

let cluster: Cluster;
let namespace: string;

beforeAll(async () => {
  cluster = await connectCluster({});
  namespace = await temporaryNamespace(cluster);
});
afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`);
  cluster.close();
});

const openFiles = () => readdirSync('/proc/self/fd').length;

test(
  `${execs} execs over one connection pool leave no socket, timer or listener open`,
  { timeout: 200_000 },
  async () => {
    const pod = await runningPod(cluster, namespace, { name: 'worn' });
    const container = await prepareToolContainer(cluster, pod, { image: process.env['NETMACHINERY_IMAGE'] ?? '' });
    const { signal } = new AbortController();
    let heard = 0;
    const round = () =>
      Promise.all(
        Array.from({ length: atOnce }, () =>
          execWhenReady(cluster, container, {
            argv: markWork(['echo', 'here'], 3),
            deadlineMs: 30_000,
            leash: true,
            signal,
            onStdout: (chunk) => (heard += chunk.length),
          }),
        ),
      );
    await round();
    const filesBefore = openFiles();
    const resourcesBefore = process.getActiveResourcesInfo().length;
    for (let done = atOnce; done < execs; done += atOnce) await round();
    expect(heard).toBe('here\n'.length * execs);
    // An exec's socket may close a moment after its result; the pool keeps as many as were in use at once.
    expect(openFiles()).toBeLessThanOrEqual(filesBefore + 2 * atOnce);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(resourcesBefore + 4 * atOnce);
  },
);
