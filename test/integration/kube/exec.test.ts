// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, ExecRequest } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { Failure } from '../../../src/errors/failure.js';
import { LineSplitter } from '../../../src/probes/lines.js';
import { refused } from '../targets/refusal.js';
import { faultProxy, type Fault } from './fault-proxy.js';
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

describe('a refused session', () => {
  async function refusing(fault: (count: number) => Fault, more: Partial<ExecRequest> = {}) {
    let count = 0;
    const proxy = await faultProxy(() => fault((count += 1)));
    const through = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url });
    const startedAt = performance.now();
    const outcome = await run(['echo', 'ran'], more, through).catch((thrown: unknown) => thrown as Failure);
    const ms = performance.now() - startedAt;
    through.close();
    await proxy.close();
    return { outcome, ms, count };
  }

  test.each([429, 503])('is asked for again after %d, as late as the server asks for', async (status) => {
    const found = await refusing((count) => (count < 3 ? { status, headers: { 'Retry-After': '1' } } : 'pass'));
    expect(found.outcome).toMatchObject({ exitCode: 0, stdout: 'ran\n' });
    expect(found.count).toBe(3);
    expect(found.ms).toBeGreaterThan(1990);
  });

  test('is not asked for for ever', async () => {
    const { outcome, count } = await refusing(() => ({ status: 503 }));
    expect(outcome).toMatchObject({ code: 'cluster', status: 503 });
    expect(count).toBe(3);
  });

  test('is final where the kubelet says why', async () => {
    const { outcome, count } = await refusing(() => ({ status: 500, body: 'the kubelet is out of order' }));
    expect(outcome).toMatchObject({ code: 'cluster', message: 'the kubelet is out of order' });
    expect(count).toBe(1);
  });

  test("is final where the wait is beyond the command's own time", async () => {
    const refusal: Fault = { status: 429, headers: { 'Retry-After': '20' } };
    const { outcome, count, ms } = await refusing(() => refusal, { deadlineMs: 5000 });
    expect(outcome).toMatchObject({ code: 'cluster', status: 429 });
    expect(count).toBe(1);
    expect(ms).toBeLessThan(5000);
  });

  test('is given up when it is interrupted', async () => {
    const refusal: Fault = { status: 429, headers: { 'Retry-After': '20' } };
    const { outcome, count, ms } = await refusing(() => refusal, {
      signal: AbortSignal.timeout(500),
      deadlineMs: 60_000,
    });
    expect(outcome).toMatchObject({ code: 'interrupted' });
    expect(count).toBe(1);
    expect(ms).toBeLessThan(10_000);
  });
});

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
    await run(['rm', '-f', '/tmp/begun', '/tmp/ended']);
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

  test('whose other end has vanished is noticed before the deadline', async () => {
    const proxy = await faultProxy(() => 'pass');
    const liveness = { pingAfterMs: 200, pingsUnanswered: 4 };
    const through = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url, liveness });
    const onStdout = () => proxy.freezeAll();
    const failure = await refused(run(['sh', '-c', 'echo x; sleep 15'], { onStdout }, through), 'cluster');
    expect(failure.reason).toBe('ConnectionLost');
    expect(failure.message).toMatch(
      /^the connection to the server 127\.0\.0\.1:\d+ was lost: nothing was heard for 1 s$/,
    );
    through.close();
    await proxy.close();
  });

  test.each([['v5.channel.k8s.io'], ['v4.channel.k8s.io']])('that is only silent is kept (%s)', async (protocols) => {
    const proxy = await faultProxy(() => ({ protocols }));
    const liveness = { pingAfterMs: 500, pingsUnanswered: 2 };
    const through = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url, liveness });
    const ran = await run(['sh', '-c', 'sleep 4; echo still here; exit 5'], {}, through);
    expect(ran).toEqual({ exitCode: 5, stdout: 'still here\n', stderr: '' });
    through.close();
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

describe('a server that knows only v4.channel.k8s.io', () => {
  test('gives output, exit code and an end at the deadline', async () => {
    const proxy = await faultProxy(() => ({ protocols: 'v4.channel.k8s.io' }));
    const through = await connectCluster({ kubeconfig: '/dev/null', server: proxy.url });
    const ran = await run(['sh', '-c', 'echo out; echo err >&2; exit 7'], { leash: true }, through);
    expect(ran).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
    const failure = await refused(run(['sleep', '5'], { leash: true, deadlineMs: 500 }, through), 'cluster');
    expect(failure.reason).toBe('DeadlineExceeded');
    through.close();
    await proxy.close();
  });
});

describe('output without bounds', () => {
  /** Reads lines as a probe does; how many, the longest, and by how much the memory grew, in MB. */
  async function readLines(argv: string[], deadlineMs: number): Promise<{ longest: number; grownMb: number }> {
    const splitter = new LineSplitter();
    const before = process.memoryUsage().rss;
    let [longest, peak] = [0, before];
    const onStdout = (chunk: Buffer) => {
      for (const { length } of splitter.push(chunk)) longest = Math.max(longest, length);
      peak = Math.max(peak, process.memoryUsage.rss());
    };
    await run(argv, { onStdout, deadlineMs }).catch((thrown: unknown) => {
      if (!(thrown instanceof Failure) || thrown.reason !== 'DeadlineExceeded') throw thrown;
    });
    for (const { length } of splitter.end()) longest = Math.max(longest, length);
    return { longest, grownMb: (peak - before) / 1e6 };
  }

  test('a line of ten megabytes is cut', async () => {
    const { longest, grownMb } = await readLines(['sh', '-c', "head -c 10000000 /dev/zero | tr '\\0' x"], 20_000);
    expect(longest).toBe(16_384);
    expect(grownMb).toBeLessThan(100);
  });

  test('a tool that never stops printing ends at the deadline, in bounded memory', async () => {
    const startedAt = performance.now();
    const { longest, grownMb } = await readLines(['yes', 'nonsense'], 3000);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(longest).toBe(8);
    expect(grownMb).toBeLessThan(150);
  });
});
