// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Mesh, MeshPair, MeshReport } from '../../src/model/mesh.js';
import { netmachinery } from '../e2e/cli.js';
import { createNamespace, deleteNamespace, images, kubectl } from '../e2e/kubectl.js';

/** Of ten probers, two of which share node2's slow processor: often enough for the test, and seldom enough for it. */
const periodMs = 3000;
/** Far more than node2's slow kernel adds of its own while ten probers run (75 ms were seen). */
const delayMs = 200;
/** Pods of each namespace on each node; ten in all. */
const replicas = { node1: 4, node2: 1 };
/** Waiting long costs nothing where things are fast. */
const patience = { pods: 400_000, look: 120_000 };

/** Without pods at first: each is started once, with its prober, and node2 has not to start and end others for nothing. */
const deployment = (node: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: node },
  spec: {
    replicas: 0,
    // What takes the probers away makes no pods beside the old ones.
    strategy: { type: 'Recreate' },
    selector: { matchLabels: { app: node } },
    template: {
      metadata: { labels: { app: node } },
      spec: {
        terminationGracePeriodSeconds: 1,
        nodeSelector: { 'kubernetes.io/hostname': node },
        containers: [{ name: 'main', image: images.web }],
      },
    },
  },
});

async function succeed(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await netmachinery(args);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

async function look(mesh: string): Promise<Mesh> {
  const seen = await succeed('mesh', '-A', '--mesh', mesh, '--since', `${3 * periodMs}ms`, '-o', 'json');
  const [first, ...others] = (JSON.parse(seen) as MeshReport).meshes;
  expect(others).toEqual([]);
  return first ?? { name: mesh, members: [], pairs: [] };
}

const http = ({ pairs }: Mesh): MeshPair[] => pairs.filter(({ protocol }) => protocol === 'http');

/** The mesh as soon as every pair of ten pods was probed, and nothing failed. */
async function whole(mesh: string): Promise<Mesh> {
  return vi.waitFor(
    async () => {
      const seen = await look(mesh);
      expect(seen.members).toHaveLength(10);
      expect(http(seen).filter(({ sent, failed }) => sent > 0 && failed === 0)).toHaveLength(90);
      return seen;
    },
    { timeout: patience.pods, interval: 2000 },
  );
}

/** The late pod's row and column are late, and nothing else is. */
function expectOneLate(pairs: MeshPair[], late: string | undefined): void {
  const concerned = ({ source, destination }: MeshPair) => source === late || destination === late;
  const medians = (some: MeshPair[]) => some.map(({ rttMs }) => rttMs?.p50 ?? Number.NaN);
  expect(pairs.filter(concerned)).toHaveLength(18);
  // A new connection and its answer: two round trips, of which the late pod's packets are each late once.
  expect(Math.min(...medians(pairs.filter(concerned)))).toBeGreaterThan(2 * delayMs - 1);
  expect(Math.max(...medians(pairs.filter((pair) => !concerned(pair))))).toBeLessThan(delayMs);
}

/** Namespaces of one try: what the last one left is going, and is not waited for. */
async function ownNamespaces(): Promise<string[]> {
  const namespaces = [await createNamespace('mesh-a'), await createNamespace('mesh-b')];
  onTestFinished(async () => {
    await Promise.all(namespaces.map(deleteNamespace));
  });
  return namespaces;
}

describe('ten pods in two namespaces over both nodes', { timeout: 1_500_000 }, () => {
  it('measure each other, and one that is late shows in its row and its column and nowhere else', async () => {
    const namespaces = await ownNamespaces();
    const mesh = namespaces.join('-and-');
    for (const namespace of namespaces) {
      const list = { apiVersion: 'v1', kind: 'List', items: Object.keys(replicas).map(deployment) };
      await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(list));
      const how = ['--mesh', mesh, '--period', `${periodMs}ms`, '--timeout', '400s'];
      await succeed('inject', 'deploy/node1', 'deploy/node2', '-n', namespace, ...how);
      for (const [node, count] of Object.entries(replicas)) {
        await kubectl(['scale', '-n', namespace, `deploy/${node}`, `--replicas=${count}`]);
      }
    }
    const before = await whole(mesh);
    const late = before.members.find(({ node }) => node === 'node2');
    expect(late).toBeDefined();
    const [namespace = '', pod = ''] = late?.name.split('/') ?? [];
    const shape = ['--delay', `${delayMs}ms`, '--detach', '--duration', '10m', '--no-verify'];
    await succeed('shape', `pod/${pod}`, '-n', namespace, ...shape);
    try {
      // The shape is there: three periods later nothing older is looked at.
      await sleep(3 * periodMs);
      await vi.waitFor(async () => expectOneLate(http(await look(mesh)), late?.name), {
        timeout: patience.look,
        interval: periodMs,
      });
    } finally {
      await succeed('shape', 'clear', `pod/${pod}`, '-n', namespace);
    }
    await whole(mesh);
    for (const each of namespaces) await succeed('uninject', 'deploy/node1', 'deploy/node2', '-n', each, '--no-wait');
  });
});
