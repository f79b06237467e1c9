// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Failure } from '../../../src/errors/failure.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { Informer } from '../../../src/kube/informer.js';
import { temporaryNamespace } from './namespace.js';

test('a watch in which nothing happens is ended by the server, and is no trouble', async () => {
  const cluster = await connectCluster({ liveness: { watchSeconds: 1 } });
  const namespace = await temporaryNamespace(cluster);
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  const stop = new AbortController();
  const troubles: (Failure | undefined)[] = [];
  const informer = new Informer({
    cluster,
    path,
    keep: ({ metadata }) => metadata.name,
    onChange: () => undefined,
    onTrouble: (failure) => troubles.push(failure),
  });
  const running = informer.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
    await cluster.delete(`/api/v1/namespaces/${namespace}`);
    cluster.close();
  });
  // Four watches, of which none says anything.
  await sleep(4500);
  await cluster.create(path, { metadata: { name: 'late' } });
  await vi.waitFor(() => expect(informer.items.has(`${namespace}/late`)).toBe(true), 3000);
  expect(troubles).toEqual([]);
});
