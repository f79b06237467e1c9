// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { report, type Launcher } from './cli.js';
import { createNamespace, createReady, deleteNamespace, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';

let namespace = '';
const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(2, '0')}`);
const sixty = numbered('sixty', 60);
const twenty = numbered('twenty', 20);

beforeAll(async () => {
  namespace = await createNamespace('many');
  await createReady(
    namespace,
    serverPod('server'),
    ...sixty.map((name) => podManifest(name, { labels: { app: 'sixty' } })),
    ...twenty.map((name) => podManifest(name, { labels: { app: 'twenty' } })),
  );
});
afterAll(() => deleteNamespace(namespace));

const ping = (app: string, count: number, launcher: Launcher = 'executable') =>
  report(
    [
      'ping',
      '-n',
      namespace,
      '-l',
      `app=${app}`,
      '--mode',
      'all',
      '--max-pods',
      String(count),
      'server',
      '--count',
      '2',
    ],
    { launcher },
  );

describe('many sources', () => {
  it('are prepared at once, 60 of them, and then used again', async () => {
    const cold = await ping('sixty', 60, 'node');
    expect(cold.report.summary).toMatchObject({ total: 60, pass: 60 });
    expect(cold.exitCode).toBe(0);
    // A line that says how many pods are changed, and no other: no warning of the runtime either.
    expect(cold.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(cold.stderr).toContain('60 pods get an ephemeral container');
    const warm = await ping('sixty', 60);
    expect(warm.report.summary).toMatchObject({ total: 60, pass: 60 });
    expect(warm.stderr).toBe('');
    const names = await ephemeralContainers(namespace);
    expect(sixty.map((name) => names[name])).toEqual(sixty.map(() => ['netmachinery-1']));
  });

  it('are shared by two of us who come at the same time', async () => {
    const both = await Promise.all([ping('twenty', 20), ping('twenty', 20)]);
    for (const { exitCode, report: found } of both) {
      expect(found.summary).toMatchObject({ total: 20, pass: 20 });
      expect(exitCode).toBe(0);
    }
    const names = await ephemeralContainers(namespace);
    expect(twenty.map((name) => names[name])).toEqual(twenty.map(() => ['netmachinery-1']));
  });
});
