// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, ExecRequest } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { refused } from '../targets/refusal.js';
import { faultProxy } from './fault-proxy.js';
import { runningPod, temporaryNamespace } from './namespace.js';

let cluster: Cluster;
let namespace: string;

beforeAll(async () => {
  cluster = await connectCluster({});
  namespace = await temporaryNamespace(cluster);
  await runningPod(cluster, namespace);
});

afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`);
  cluster.close();
});

interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

async function run(argv: string[], more: Partial<ExecRequest> = {}, through = cluster): Promise<Ran> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const { exitCode } = await through.exec({
    namespace,
    pod: 'idle',
    container: 'main',
    argv,
    deadlineMs: 20_000,
    onStdout: (chunk) => stdout.push(chunk),
    onStderr: (chunk) => stderr.push(chunk),
    ...more,
  });
  return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

describe('what a command did', () => {
  test('output, errors and exit code', async () => {
    const ran = await run(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(ran).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  test('arguments arrive as they are', async () => {
    const words = ['; rm -rf /', '$(id)', '-oProxy', '', 'ä\n"\'&=+%20#'];
    const ran = await run(['printf', '%s|', ...words]);
    expect(ran.stdout).toBe(words.map((word) => `${word}|`).join(''));
  });

  test('ten megabytes, whole and in order', async () => {
    const ran = await run(['sh', '-c', 'seq 1 1500000']);
    expect(ran.stdout).toHaveLength(10_888_896);
    expect(ran.stdout.endsWith('1499999\n1500000\n')).toBe(true);
  });

  test('death by a signal', async () => {
    expect((await run(['sh', '-c', 'kill -9 $$'])).exitCode).toBe(137);
  });

  test('many at once', async () => {
    const codes = await Promise.all(
      Array.from({ length: 12 }, async (_, code) => (await run(['sh', '-c', `exit ${code}`])).exitCode),
    );
    expect(codes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe('what cannot be executed', () => {
  test('a tool that the image has not', async () => {
    const failure = await refused(run(['no-such-tool']), 'tool');
    expect(failure).toMatchObject({ reason: 'ToolMissing', message: `"no-such-tool" is not in the container's image` });
  });

  test('a tool that may not be executed', async () => {
    const failure = await refused(run(['/etc/passwd']), 'tool');
    expect(failure.reason).toBe('ToolNotExecutable');
  });

  test('a container that the pod has not', async () => {
    const failure = await refused(run(['true'], { container: 'nope' }), 'cluster');
    expect(failure).toMatchObject({ status: 400, reason: 'BadRequest' });
    expect(failure.message).toBe('container nope is not valid for pod idle');
  });

  test('a pod that is not there', async () => {
    const failure = await refused(run(['true'], { pod: 'nope' }), 'notFound');
    expect(failure.message).toBe('pods "nope" not found');
  });

  test('without permission', async () => {
    const jane = await connectCluster({ as: 'jane' });
    const failure = await refused(run(['true'], {}, jane), 'forbidden');
    expect(failure.message).toContain('cannot get resource "pods/exec"');
    expect(failure.hint).toContain('get and create of pods/exec');
    jane.close();
  });
});

async function exists(file: string): Promise<boolean> {
  return (await run(['test', '-e', file])).exitCode === 0;
}

describe('ends early', () => {
  test('at its deadline', async () => {
    const startedAt = performance.now();
    const failure = await refused(run(['sleep', '3'], { deadlineMs: 300 }), 'cluster');
    expect(failure.reason).toBe('DeadlineExceeded');
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  test('when its signal aborts, before it begins too', async () => {
    await refused(run(['sleep', '3'], { signal: AbortSignal.timeout(300) }), 'interrupted');
    await refused(run(['true'], { signal: AbortSignal.abort() }), 'interrupted');
  });

  test('when a callback throws, with its error', async () => {
    const onStdout = () => {
      throw new Error('enough');
    };
    await expect(run(['echo', 'x'], { onStdout })).rejects.toThrow('enough');
  });

  test('a leashed command sees the end of its input and cleans up', async () => {
    const script = 'touch /tmp/begun; cat >/dev/null; touch /tmp/ended';
    const stop = new AbortController();
    const running = refused(run(['sh', '-c', script], { leash: true, signal: stop.signal }), 'interrupted');
    while (!(await exists('/tmp/begun'))) await sleep(50);
    expect(await exists('/tmp/ended')).toBe(false);
    stop.abort();
    await running;
    expect(await exists('/tmp/ended')).toBe(true);
  });

  test('a leashed command keeps its input as long as it runs', async () => {
    const ran = await run(['sh', '-c', 'timeout 1 cat; echo $?'], { leash: true });
    expect(ran.stdout).toBe('124\n');
  });
});

describe('a bad connection', () => {
  test('that is cut while the command runs is not a success', async () => {
    const proxy = await faultProxy(() => 'pass');
    const through = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url });
    const onStdout = () => proxy.cutAll();
    const failure = await refused(run(['sh', '-c', 'echo x; sleep 3'], { onStdout }, through), 'cluster');
    expect(failure.reason).toBe('ConnectionLost');
    await proxy.close();
  });

  test('that falls silent ends at the deadline', async () => {
    const proxy = await faultProxy(() => 'stall');
    const through = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url });
    const failure = await refused(run(['true'], { deadlineMs: 500 }, through), 'cluster');
    expect(failure.reason).toBe('DeadlineExceeded');
    through.close();
    await proxy.close();
  });
});
