// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { connectCluster } from '../../../src/kube/connect.js';
import type { Service } from '../../../src/kube/objects.js';
import type { Destination } from '../../../src/targets/destination.js';
import { withEndpointTraits } from '../../../src/targets/endpoint-traits.js';
import { Lookup } from '../../../src/targets/lookup.js';

const service = {
  metadata: { namespace: 'shop', name: 'db' },
  spec: { selector: { app: 'db' } },
} as unknown as Service;

function endpoints(count: number): Destination[] {
  return Array.from({ length: count }, (_, index) => {
    const pod = { namespace: 'shop', name: `db-${index}` };
    return { ref: 'svc/db', kind: 'service', role: 'endpoint', family: 4, pod };
  });
}

/** How often pods are asked for from a server that is not there, and what comes of it. */
async function asked(count: number, signal?: AbortSignal) {
  const requests: string[] = [];
  const log = (_level: number, line: string) => {
    if (line.startsWith('GET ')) requests.push(line);
  };
  // Nothing listens at port 1.
  const cluster = await connectCluster({ kubeconfig: '/dev/null', server: 'http://127.0.0.1:1', log });
  const found = { destinations: endpoints(count), notes: [] };
  const outcome = await withEndpointTraits(new Lookup(cluster, signal), service, found).catch(
    (thrown: unknown) => thrown,
  );
  cluster.close();
  return { requests: requests.length, found, outcome };
}

test('destinations stay as they are where pods cannot be read', async () => {
  const { requests, found, outcome } = await asked(100);
  expect(outcome).toBe(found);
  expect(requests).toBe(1);
});

test('no pods are read behind more endpoints than a page', async () => {
  const { requests, found, outcome } = await asked(101);
  expect(outcome).toBe(found);
  expect(requests).toBe(0);
});

test('an interruption ends it', async () => {
  expect((await asked(1, AbortSignal.abort())).outcome).toMatchObject({ code: 'interrupted' });
});
