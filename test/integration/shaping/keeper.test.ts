// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { ephemeralStatus } from '../../../src/kube/container-state.js';
import type { Pod } from '../../../src/kube/objects.js';
import { endCommand } from '../../../src/kube/tool-container-script.js';
import { environmentValue, shapeVariable } from '../../../src/kube/tool-container-spec.js';
import type { ShapeRecord } from '../../../src/model/shaping.js';
import { PodShaper } from '../../../src/shaping/pod-shaper.js';
import { podOnce, runningPod, temporaryNamespace } from '../kube/namespace.js';
import { adminExec, fullPlan, killContainer, networkOf, record, shaperIn, slowPlan } from './places.js';

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

const pod = (name: string, more: object = {}): Promise<Pod> => runningPod(cluster, namespace, { name, ...more });
const terminated = (name: string, container: string): Promise<Pod> =>
  podOnce(cluster, namespace, name, (seen) => ephemeralStatus(seen, container)?.state?.terminated !== undefined);
const endOf = (seen: Pod, container: string) => ephemeralStatus(seen, container)?.state?.terminated;

describe('a keeper', () => {
  it('puts everything in place, and takes everything away at its deadline without anybody', async () => {
    const shaped = await pod('deadline');
    const before = await networkOf(cluster, shaped);
    const { shaper } = await shaperIn(cluster, shaped);
    const wanted = record();
    const installed = await shaper.install(fullPlan, wanted, 10);
    expect(installed).toMatchObject({ outcome: 'installed', network: { shape: { record: wanted } } });
    expect((await shaper.look()).qdiscs).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ kind: 'htb', handle: '6e6d:', dev: 'eth0' })]),
    );
    await sleep(2000);
    expect(await networkOf(cluster, shaped)).toContain('nm-ifb');
    await expect.poll(() => networkOf(cluster, shaped), { timeout: 30_000 }).toBe(before);
    expect(await shaper.look()).not.toHaveProperty('shape');
    expect((await shaper.clear(wanted.token)).cleared).toBe('nothing');
  });

  it('outlives its client, which is killed while it asks', async () => {
    const shaped = await pod('client');
    const { shaper, container } = await shaperIn(cluster, shaped);
    const before = await networkOf(cluster, shaped);
    const doomed = new PodShaper((argv) => {
      const client = spawn('kubectl', ['exec', '-n', namespace, 'client', '-c', container, '--', ...argv]);
      return shapedOnce(shaper).then((): never => {
        client.kill('SIGKILL');
        throw new Error('killed');
      });
    });
    await expect(doomed.install(fullPlan, record(), 10)).rejects.toThrow('killed');
    expect(await networkOf(cluster, shaped)).toContain('nm-ifb');
    await expect.poll(() => networkOf(cluster, shaped), { timeout: 30_000 }).toBe(before);
  });

  it('is renewed, and is gone for who comes too late or means another', async () => {
    const shaped = await pod('renewed');
    const { shaper } = await shaperIn(cluster, shaped);
    const { token, ...rest } = record();
    await shaper.install(slowPlan, { token, ...rest }, 10);
    expect(await shaper.renew('another', 60)).toBe('gone');
    const renewedMs = performance.now();
    expect(await shaper.renew(token, 60)).toBe('renewed');
    await sleep(11_000);
    const { shape } = await shaper.look();
    // Counted in whole seconds, from a moment after the first of ours to one before the second.
    const least = 60 - (performance.now() - renewedMs) / 1000 - 1;
    expect(shape?.remainingSeconds).toBeGreaterThanOrEqual(least);
    expect((await shaper.clear('another')).cleared).toBe('others');
    expect(await shaper.look()).toHaveProperty('shape');
    const cleared = await shaper.clear(token);
    expect(cleared).toMatchObject({ cleared: 'cleared', before: { shape: { record: { token } } } });
    expect(cleared.network).not.toHaveProperty('shape');
    expect(await shaper.renew(token, 60)).toBe('gone');
  });

  it('clears before its container ends, and leaves no message', async () => {
    const shaped = await pod('told');
    const before = await networkOf(cluster, shaped);
    const { shaper, container } = await shaperIn(cluster, shaped);
    await shaper.install(fullPlan, record(), 600);
    const request = { namespace, pod: 'told', container, deadlineMs: 20_000 };
    expect(await cluster.exec({ ...request, argv: endCommand(true) })).toEqual({ exitCode: 75 });
    await cluster.exec({ ...request, argv: endCommand(false) }).catch(() => undefined);
    const end = endOf(await terminated('told', container), container);
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end).not.toHaveProperty('message');
    expect(await networkOf(cluster, shaped)).toBe(before);
  });

  it('that is killed with its container leaves rules and says so; another container clears them', async () => {
    const shaped = await pod('killed');
    const before = await networkOf(cluster, shaped);
    const wanted = record();
    const first = await shaperIn(cluster, shaped, { record: wanted, fresh: true });
    await first.shaper.install(fullPlan, { ...wanted, container: first.container }, 600);
    await killContainer(shaped, first.container);
    const seen = await terminated('killed', first.container);
    const message = endOf(seen, first.container)?.message ?? '';
    expect(JSON.parse(message)).toEqual({ ...wanted, container: first.container });
    const entry = seen.spec.ephemeralContainers?.find(({ name }) => name === first.container);
    expect(entry && JSON.parse(environmentValue(entry, shapeVariable) ?? '')).toEqual({
      ...wanted,
      container: first.container,
    } satisfies ShapeRecord);
    expect(await networkOf(cluster, shaped)).toContain('nm-ifb');

    const second = await shaperIn(cluster, shaped);
    expect(second).toMatchObject({ added: true });
    expect(await second.shaper.look()).not.toHaveProperty('shape');
    expect((await second.shaper.clear('another')).cleared).toBe('others');
    expect((await second.shaper.clear(wanted.token)).cleared).toBe('cleared');
    expect(await networkOf(cluster, shaped)).toBe(before);
    expect((await second.shaper.clear(undefined)).cleared).toBe('nothing');
  });

  it('that is killed alone is replaced by whoever clears', async () => {
    const shaped = await pod('alone');
    const before = await networkOf(cluster, shaped);
    const { shaper, container } = await shaperIn(cluster, shaped);
    const wanted = record();
    await shaper.install(fullPlan, wanted, 600);
    const script = 'for each in /tmp/.netmachinery/shape-*/keeper; do read -r it <$each; kill -9 $it; done';
    await cluster.exec({ namespace, pod: 'alone', container, argv: ['sh', '-c', script], deadlineMs: 9000 });
    expect(await shaper.look()).not.toHaveProperty('shape');
    expect((await shaper.clear(wanted.token)).cleared).toBe('cleared');
    expect(await networkOf(cluster, shaped)).toBe(before);
  });

  it('keeps its shape while the app restarts', async () => {
    const shaped = await pod('restarts', { spec: { restartPolicy: 'Always' } });
    const { shaper } = await shaperIn(cluster, shaped);
    await shaper.install(slowPlan, record(), 60);
    await killContainer(shaped, 'main');
    await podOnce(cluster, namespace, 'restarts', ({ status }) =>
      (status?.containerStatuses ?? []).some(
        (main) => (main as { restartCount?: number }).restartCount === 1 && main.state?.running !== undefined,
      ),
    );
    expect(await shaper.look()).toHaveProperty('shape');
    expect(await adminExec(cluster, shaped, 'tc qdisc show dev eth0')).toContain('qdisc tbf 6e6e: parent 6e6d:1');
    expect((await shaper.clear(undefined)).cleared).toBe('cleared');
  });
});

async function shapedOnce(shaper: PodShaper): Promise<void> {
  while ((await shaper.look()).shape === undefined) await sleep(50);
}

it('what a keeper that is gone left is removed by the next, but for an outcome that nobody has read', async () => {
  const shaped = await pod('left');
  const { shaper, run } = await shaperIn(cluster, shaped);
  const left = (token: string, outcome: string) =>
    `d=/tmp/.netmachinery/shape-${token}; mkdir -p $d; echo '999999 1 5' >$d/keeper; echo ${outcome} >$d/outcome;`;
  const execute = (script: string) => run(['sh', '-c', script], 20_000);
  await execute(`${left('aaaaaaaa', 'installed')} ${left('bbbbbbbb', 'taken')}`);
  await shaper.install(slowPlan, record(), 60);
  await shaper.clear(undefined);
  const { stdout } = await execute('ls /tmp/.netmachinery');
  expect(stdout).not.toContain('shape-aaaaaaaa');
  expect(stdout).toContain('shape-bbbbbbbb');
});
