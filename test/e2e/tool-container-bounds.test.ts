// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFile } from 'node:child_process';
import { markWork } from '../../src/kube/tool-container-script.js';
import { report } from './cli.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  getPod,
  images,
  podManifest,
  processesOnce,
} from './kubectl.js';
import { serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';

let namespace = '';
const quick = ['--count', '1', '--interval', '20ms'];

beforeAll(async () => {
  namespace = await createNamespace('bounds');
  const pods = ['eater', 'eater-busybox', 'forks', 'bomb'].map((name) => podManifest(name));
  await createReady(namespace, serverPod('server'), ...pods);
});
afterAll(() => deleteNamespace(namespace));

/** Executes work in a pod's tool container, which a ping puts there, as this program does it. */
async function work(
  pod: string,
  script: string,
  seconds: number,
  image: string = images.toolbox,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { report: found } = await report(['ping', '-n', namespace, pod, 'server', ...quick, '--image', image]);
  expect(found.summary.error).toBe(0);
  const command = markWork(['sh', '-c', script], seconds);
  const args = ['exec', '-n', namespace, pod, '-c', 'netmachinery-1', '--', ...command];
  return new Promise((resolve) =>
    execFile('kubectl', args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    ),
  );
}

/** The pod's own container has never ended, and its server answers. */
async function expectUnharmed(pod: string): Promise<void> {
  const { status } = await getPod(namespace, pod);
  expect(status?.containerStatuses).toMatchObject([{ name: 'main', restartCount: 0, ready: true }]);
  const { report: found } = await report(['connect', '-n', namespace, 'server', `${pod}:8080`]);
  expect(found.results).toMatchObject([{ verdict: 'pass', reason: 'Connected' }]);
}

describe('work in a tool container', () => {
  it.each([
    ['eater', images.toolbox],
    ['eater-busybox', images.busybox],
  ])('that eats memory without end gets no more than 512 MiB a process (%s)', async (pod, image) => {
    await ownPods(namespace, pod);
    const doubling = 'text=0123456789abcdef; while :; do text=$text$text; echo ${#text}; done';
    const { code, stdout } = await work(pod, doubling, 20, image);
    expect(code).not.toBe(0);
    const longest = Math.max(...stdout.trim().split('\n').map(Number));
    expect(longest).toBeGreaterThan(2 ** 20);
    expect(longest).toBeLessThan(512 * 2 ** 20);
    await expectUnharmed(pod);
  });

  it('gets no more than 1024 processes in a pod, and the pod’s own containers still get theirs', async () => {
    await ownPods(namespace, 'forks');
    const many = 'n=0; while [ $n -lt 3000 ]; do sleep 60 >/dev/null 2>&1 & n=$((n + 1)); echo $n; done; echo all';
    const { code, stdout, stderr } = await work('forks', many, 20);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/fork/i);
    const started = Number(stdout.trim().split('\n').at(-1));
    expect(started).toBeGreaterThan(900);
    expect(started).toBeLessThan(1024);
    await expectUnharmed('forks');
  });

  it('that forks without end ends with its time', async () => {
    await ownPods(namespace, 'bomb');
    const startedAt = performance.now();
    await work('bomb', 'f() { f | f & wait; }; f', 2);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    await expectUnharmed('bomb');
    await expect.poll(() => processesOnce(namespace, 'bomb', 'idle'), { timeout: 20_000 }).toEqual(['sh', 'sleep']);
    const { report: found } = await report(['ping', '-n', namespace, 'bomb', 'server', ...quick]);
    expect(found.results).toMatchObject([{ verdict: 'pass' }]);
  });
});
