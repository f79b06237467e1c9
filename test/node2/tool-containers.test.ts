// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { report, runUntil } from '../e2e/cli.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  idleProcesses,
  podManifest,
  processesOnce,
} from '../e2e/kubectl.js';
import { ephemeralContainers, whyNoNode2 } from '../e2e/manifests.js';

let namespace = '';
let missing: string | undefined;

beforeAll(async () => {
  [namespace, missing] = await Promise.all([createNamespace('node2'), whyNoNode2()]);
  if (missing !== undefined) return;
  const sources = ['reused', 'stopped', 'without-exec'];
  await createReady(
    namespace,
    podManifest('near', { node: 'node1' }),
    ...sources.map((name) => podManifest(name, { node: 'node2' })),
  );
});
afterAll(() => deleteNamespace(namespace));

const ping = (source: string, ...flags: string[]) =>
  report(['ping', '-n', namespace, source, 'near', '--count', '3', ...flags]);

function needsNode2(context: TestContext): void {
  if (missing !== undefined) context.skip(missing);
}

/** What the other files try on node1, on another kernel, another containerd and a much slower machine. */
describe('on another node', () => {
  it('a tool container is added once and reused', async (context) => {
    needsNode2(context);
    const [cold, warm] = [await ping('reused'), await ping('reused')];
    for (const { exitCode, report: found } of [cold, warm]) {
      expect(found.results[0]).toMatchObject({ verdict: 'pass', source: { node: 'node2' } });
      expect(exitCode).toBe(0);
    }
    expect(warm.stderr).toBe('');
    expect(await ephemeralContainers(namespace)).toMatchObject({ reused: ['netmachinery-1'] });
  });

  it('an interrupted run leaves nothing running', async (context) => {
    needsNode2(context);
    const args = ['ping', '-n', namespace, 'stopped', 'near', '--count', '1000', '--interval', '100ms', '-o', 'json'];
    const atWork = async () => (await processesOnce(namespace, 'stopped', 'working')).length > idleProcesses.length;
    const { exitCode, stdout } = await runUntil(args, atWork, 'SIGINT');
    expect((JSON.parse(stdout) as Report).results).toMatchObject([{ reason: 'Interrupted' }]);
    expect(exitCode).toBe(130);
    expect(await processesOnce(namespace, 'stopped', 'idle')).toEqual(idleProcesses);
  });

  it('a probe pod and a container that is read by its log say the same as an exec', async (context) => {
    needsNode2(context);
    for (const flag of ['--no-exec', '--probe-pod']) {
      const { exitCode, report: found } = await ping('without-exec', flag);
      expect(found.results[0]).toMatchObject({ verdict: 'pass', received: 3, source: { node: 'node2' } });
      expect(exitCode).toBe(0);
    }
  });
});
