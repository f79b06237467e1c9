// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { runUntil } from './cli.js';
import { createNamespace, createReady, deleteNamespace, idleProcesses, podManifest, processesOnce } from './kubectl.js';
import { serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';

let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('interruption');
  const sources = ['ping-int', 'ping-term', 'ping-kill', 'connect-int', 'connect-kill', 'twice', 'starting'];
  await createReady(namespace, serverPod('server'), ...sources.map((name) => podManifest(name)));
});
afterAll(() => deleteNamespace(namespace));

const rest = (pod: string) => processesOnce(namespace, pod, 'idle');
const atWork = (pod: string) => async () =>
  (await processesOnce(namespace, pod, 'working')).length > idleProcesses.length;

const long = ['--count', '1000', '--interval', '100ms', '-o', 'json'];
/** Nobody has this address: every attempt waits for its whole time. */
const slow = ['--attempts', '20', '--connect-timeout', '5s', '-o', 'json'];

describe.concurrent('what is interrupted', () => {
  it.each([
    ['SIGINT', 'ping-int'],
    ['SIGTERM', 'ping-term'],
  ] as const)('by %s reports, exits with 130, and leaves nothing running', async (signal, pod) => {
    await ownPods(namespace, pod);
    const args = ['ping', '-n', namespace, pod, 'server', 'node/node1', ...long];
    const { exitCode, stdout, msSinceSignal } = await runUntil(args, atWork(pod), signal);
    expect(exitCode).toBe(130);
    expect(msSinceSignal).toBeLessThan(2000);
    const { results } = JSON.parse(stdout) as Report;
    expect(results.map(({ reason }) => reason)).toEqual(['Interrupted', 'Interrupted']);
    expect(await rest(pod)).toEqual(idleProcesses);
  });

  it('by SIGKILL leaves nothing running either', async () => {
    await ownPods(namespace, 'ping-kill');
    const args = ['ping', '-n', namespace, 'ping-kill', 'server', ...long];
    const { exitCode, stdout } = await runUntil(args, atWork('ping-kill'), 'SIGKILL');
    expect(exitCode).toBeNull();
    expect(stdout).toBe('');
    expect(await rest('ping-kill')).toEqual(idleProcesses);
  });

  it.each([
    ['SIGINT', 'connect-int', 130],
    ['SIGKILL', 'connect-kill', null],
  ] as const)('while connecting, by %s', async (signal, pod, code) => {
    await ownPods(namespace, pod);
    const args = ['connect', '-n', namespace, pod, '198.18.102.99:80', '198.18.102.98:53', ...slow];
    const { exitCode } = await runUntil(args, atWork(pod), signal);
    expect(exitCode).toBe(code);
    expect(await rest(pod)).toEqual(idleProcesses);
  });

  it('while its tool container starts', async () => {
    await ownPods(namespace, 'starting');
    const args = ['ping', '-n', namespace, 'starting', 'server', ...long];
    const announced = (stderr: string) => Promise.resolve(stderr.includes('Note: 1 pod gets'));
    const { exitCode, msSinceSignal } = await runUntil(args, announced, 'SIGINT');
    expect(exitCode).toBe(130);
    expect(msSinceSignal).toBeLessThan(2000);
    // The container may have been added; then it rests.
    expect((await rest('starting')).length).toBeLessThanOrEqual(idleProcesses.length);
  });
});
