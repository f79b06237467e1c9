// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultProxy } from '../integration/kube/fault-proxy.js';
import { netmachinery, report } from './cli.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  getPod,
  idleProcesses,
  kubectl,
  podManifest,
  processesOnce,
} from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';

let namespace = '';
const quick = ['--count', '2', '--interval', '20ms'];
const long = ['--count', '100', '--interval', '100ms'];

beforeAll(async () => {
  namespace = await createNamespace('tool-ends');
  const sources = ['stale', 'killed', 'deleted'];
  await createReady(namespace, serverPod('server'), ...sources.map((name) => podManifest(name)));
});
afterAll(() => deleteNamespace(namespace));

/** The end of process 1 may take the command along, whose exit code says nothing then. */
const killIn = (pod: string) =>
  kubectl(['exec', '-n', namespace, pod, '-c', 'netmachinery-1', '--', 'sh', '-c', 'kill 1']).catch(() => undefined);

async function atWork(pod: string): Promise<void> {
  while ((await processesOnce(namespace, pod, 'working')).length <= idleProcesses.length);
}

describe.concurrent('a tool container that ends', () => {
  it('between being found and being used is followed by the next generation, which is announced', async () => {
    await ownPods(namespace, 'stale');
    expect((await netmachinery(['ping', '-n', namespace, 'stale', 'server', ...quick])).exitCode).toBe(0);
    const asItRan = JSON.stringify(await getPod(namespace, 'stale'));
    await killIn('stale');
    const path = '{.status.ephemeralContainerStatuses[0].state.terminated.exitCode}';
    await kubectl(['wait', '-n', namespace, 'pod/stale', `--for=jsonpath=${path}=0`, '--timeout=40s']);
    let reads = 0;
    const proxy = await faultProxy(({ method, url = '' }) => {
      if (method !== 'GET' || !url.endsWith(`/namespaces/${namespace}/pods/stale`)) return 'pass';
      reads += 1;
      return reads === 1 ? { status: 200, headers: { 'content-type': 'application/json' }, body: asItRan } : 'pass';
    });
    try {
      const args = ['ping', '-n', namespace, 'pod/stale', 'server', ...quick, '--server', proxy.url];
      const { exitCode, stderr, report: found } = await report(args);
      expect(found.results[0]).toMatchObject({ verdict: 'pass', received: 2 });
      expect(stderr).toBe(
        `Note: the tool container of pod ${namespace}/stale had just ended; the pod gets another one\n`,
      );
      expect(exitCode).toBe(0);
    } finally {
      await proxy.close();
    }
    expect((await ephemeralContainers(namespace))['stale']?.sort()).toEqual(['netmachinery-1', 'netmachinery-2']);
  });

  it('while tests run in it makes them errors that say so', async () => {
    await ownPods(namespace, 'killed');
    const running = report(['ping', '-n', namespace, 'killed', 'server', ...long]);
    await atWork('killed');
    await killIn('killed');
    const { exitCode, report: found, ms } = await running;
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolContainerFailed' });
    expect(found.results[0]?.message).toBe(
      `tool container netmachinery-1 of pod ${namespace}/killed ended while tests ran in it (Completed, exit code 0)`,
    );
    expect(exitCode).toBe(3);
    expect(ms).toBeLessThan(20_000);
  });

  it('with its pod makes them inconclusive', async () => {
    await ownPods(namespace, 'deleted');
    const running = report(['ping', '-n', namespace, 'deleted', 'server', ...long]);
    await atWork('deleted');
    await kubectl(['delete', 'pod', '-n', namespace, 'deleted']);
    const { exitCode, report: found } = await running;
    expect(found.results[0]).toMatchObject({ verdict: 'inconclusive', reason: 'SourceVanished' });
    expect(exitCode).toBe(4);
  });
});
