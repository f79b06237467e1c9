// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultProxy, type FaultProxy } from '../integration/kube/fault-proxy.js';
import type { Report } from '../../src/model/report.js';
import type { CliResult, Launcher } from './cli.js';
import { during, hasWorked } from './during.js';
import { createNamespace, createReady, deleteNamespace, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { expectNothingLeft } from './nothing-left.js';
import { ownPods } from './own-pods.js';

let namespace = '';

/** Requests, as `METHOD PATH`, that are left without an answer, and whether the pod has a tool container by then. */
const stages: [name: string, request: RegExp, isAdded: boolean][] = [
  ['its pods are looked for', /^GET .*\/pods\//, false],
  ['its permissions are asked for', /selfsubjectaccessreviews/, false],
  ['the change is rehearsed', /^PATCH .*ephemeralcontainers.*dryRun/, false],
  ['the change is made', /^PATCH .*ephemeralcontainers$/, false],
  ['its command starts', /^GET .*\/exec\?/, true],
];
const signals = ['SIGINT', 'SIGTERM'] as const;
const cases = stages.flatMap(([name, request, isAdded], stage) =>
  signals.map((signal) => ({ name, request, isAdded, signal, pod: `${signal.toLowerCase()}-${stage}` })),
);

beforeAll(async () => {
  namespace = await createNamespace('leaving');
  const sources = [...cases.map(({ pod }) => pod), 'twice-int', 'twice-mixed', 'hangup', 'nohup'];
  await createReady(namespace, serverPod('server'), ...sources.map((name) => podManifest(name)));
});
afterAll(() => deleteNamespace(namespace));

const long = ['server', '--count', '1000', '--interval', '100ms', '-o', 'json'];

async function withStalled<T>(
  stalled: RegExp,
  work: (proxy: FaultProxy, isReached: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  let reached = false;
  const proxy = await faultProxy(({ method = '', url = '' }) => {
    if (!stalled.test(`${method} ${url}`)) return 'pass';
    reached = true;
    return 'stall';
  });
  try {
    return await work(proxy, () => Promise.resolve(reached));
  } finally {
    await proxy.close();
  }
}

/** Runs a ping, sends it signals once it has come so far, and measures how long it took from the last of them. */
async function signalled(
  args: readonly string[],
  begun: () => Promise<boolean>,
  sent: readonly NodeJS.Signals[],
  launcher: Launcher = 'executable',
): Promise<CliResult & { msSinceSignal: number }> {
  const run = { child: undefined as ChildProcess | undefined, signalledMs: 0 };
  const act = async () => {
    for (const signal of sent) {
      if (run.signalledMs > 0) await sleep(60);
      run.signalledMs = performance.now();
      run.child?.kill(signal);
    }
  };
  const result = await during(args, begun, act, { launcher, onStart: (child) => (run.child = child) });
  return { ...result, msSinceSignal: performance.now() - run.signalledMs };
}

describe.concurrent('a run is interrupted while', () => {
  it.each(cases)('$name by $signal: it cleans up and exits with 130', async ({ request, isAdded, signal, pod }) => {
    await ownPods(namespace, pod);
    const { exitCode, stdout, stderr, msSinceSignal } = await withStalled(request, (proxy, isReached) =>
      signalled(['ping', '--server', proxy.url, '-n', namespace, pod, ...long], isReached, [signal]),
    );
    expect(exitCode).toBe(130);
    expect(msSinceSignal).toBeLessThan(3000);
    if (stdout === '') expect(stderr).toMatch(/(^|\n)error: interrupted\n$/);
    else expect((JSON.parse(stdout) as Report).results).toMatchObject([{ verdict: 'error', reason: 'Interrupted' }]);
    if (isAdded) await expectNothingLeft(namespace, pod);
    else expect(await ephemeralContainers(namespace)).not.toHaveProperty(pod);
  });

  // Both signals have to come while it says goodbye, which a busy machine may not manage.
  it.each([
    ['SIGINT twice', 'twice-int', ['SIGINT', 'SIGINT']],
    ['SIGINT and SIGTERM', 'twice-mixed', ['SIGINT', 'SIGTERM']],
  ] as const)('it says goodbye, by %s: it leaves at once', { retry: 2 }, async (_name, pod, sent) => {
    await ownPods(namespace, pod);
    const { exitCode, stdout, msSinceSignal } = await withStalled(/\/exec\?/, (proxy, isReached) => {
      // The command runs by then, and does not get to say that it has ended.
      const begun = async () => (await isReached()) && sleep(1000, true);
      return signalled(['ping', '--server', proxy.url, '-n', namespace, pod, ...long], begun, sent);
    });
    // Ended by the signal itself, and no report was waited for.
    expect(exitCode).toBeNull();
    expect(stdout).toBe('');
    expect(msSinceSignal).toBeLessThan(3000);
    await expectNothingLeft(namespace, pod);
  });

  it('its terminal is closed, which nohup(1) lets it outlive', async () => {
    await ownPods(namespace, 'nohup');
    const args = ['ping', '-n', namespace, 'nohup', 'server', '--count', '60', '--interval', '100ms', '-o', 'json'];
    const { exitCode, stdout } = await signalled(args, hasWorked(namespace, 'nohup'), ['SIGHUP'], 'nohup');
    expect((JSON.parse(stdout) as Report).results).toMatchObject([{ verdict: 'pass', received: 60 }]);
    expect(exitCode).toBe(0);
  });

  it('its terminal is closed', async () => {
    await ownPods(namespace, 'hangup');
    const args = ['ping', '-n', namespace, 'hangup', ...long];
    const { exitCode, msSinceSignal } = await signalled(args, hasWorked(namespace, 'hangup'), ['SIGHUP']);
    expect([null, 130]).toContain(exitCode);
    expect(msSinceSignal).toBeLessThan(3000);
    await expectNothingLeft(namespace, 'hangup');
  });
});
