// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultProxy, type Fault } from '../integration/kube/fault-proxy.js';
import type { Report, Result } from '../../src/model/report.js';
import { report, type CliResult } from './cli.js';
import { during, hasWorked } from './during.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, filteredPod, serverPod } from './manifests.js';
import { expectNothingLeft } from './nothing-left.js';
import { ownPods } from './own-pods.js';

/** A server in a pod that outlives it. */
const listens = ['sh', '-c', 'nc -lk 8080; exec sleep 3600'];

let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('vanishing');
  const sources = [
    'leaving',
    'leaving-connect',
    'staying',
    'staying-deny',
    'killed',
    'cut',
    'cut-connect',
    'cut-all',
    'lost',
  ];
  const destinations = ['server', 'gone', 'gone-deny'];
  await createReady(
    namespace,
    ...sources.map((name) => podManifest(name)),
    ...destinations.map((name) => serverPod(name)),
    filteredPod('silent', 'input', ['iifname "eth0" tcp dport 8080 drop']),
    filteredPod('blocked', 'output', ['tcp dport 8080 drop'], { labels: { role: 'client' } }),
    serverPod('open', { labels: { role: 'client' } }),
    ...['closes', 'closes-too'].map((name) => podManifest(name, { image: images.toolbox, command: listens })),
  );
});
afterAll(() => deleteNamespace(namespace));

const remove = (pod: string) => () => kubectl(['delete', 'pod', '-n', namespace, pod, '--wait=false']);
const long = ['--count', '300', '--interval', '100ms', '--connect-timeout', '500ms', '-o', 'json'];
/** Its port is silent: every attempt waits for its whole time. */
const slow = ['silent:8080', '--attempts', '20', '--connect-timeout', '20s', '-o', 'json'];

/** The only result of a run, which has ended with nothing on stderr but the announcement of a tool container. */
function onlyResult({ stdout, stderr }: CliResult): Result {
  expect(stderr).toMatch(/^(Note: 1 pod gets [^\n]*\n)?$/);
  const { results } = JSON.parse(stdout) as Report;
  expect(results).toHaveLength(1);
  return results[0] as Result;
}

describe.concurrent('a pod that is deleted while a run goes on', () => {
  it.each([
    ['pinging', 'leaving', ['ping', 'leaving', 'server', ...long]],
    ['connecting', 'leaving-connect', ['connect', 'leaving-connect', ...slow]],
  ])('as the source, %s, makes the test inconclusive', async (_name, pod, [verb = '', ...words]) => {
    await ownPods(namespace, pod);
    const args = [verb, '-n', namespace, ...words];
    const run = await during(args, hasWorked(namespace, pod), remove(pod));
    expect(onlyResult(run)).toMatchObject({ verdict: 'inconclusive', reason: 'SourceVanished' });
    expect(run.exitCode).toBe(4);
    await expectNothingLeft(namespace);
  });

  it('as the destination makes it inconclusive, whatever had arrived', async () => {
    await ownPods(namespace, 'staying', 'gone');
    const args = ['ping', '-n', namespace, 'staying', 'gone', ...long];
    const run = await during(args, hasWorked(namespace, 'staying'), remove('gone'));
    const result = onlyResult(run);
    expect(result).toMatchObject({ verdict: 'inconclusive', reason: 'DestinationVanished', sent: 300 });
    expect(result.received).toBeGreaterThan(0);
    expect(result.received).toBeLessThan(300);
    expect(run.exitCode).toBe(4);
    await expectNothingLeft(namespace, 'staying');
  });

  it('as the destination that was to be denied does not take back that it was reached', async () => {
    await ownPods(namespace, 'staying-deny', 'gone-deny');
    const args = [
      'ping',
      '-n',
      namespace,
      'staying-deny',
      'gone-deny',
      '--expect',
      'deny',
      '--control',
      'none',
      ...long,
    ];
    const run = await during(args, hasWorked(namespace, 'staying-deny'), remove('gone-deny'));
    expect(onlyResult(run)).toMatchObject({ verdict: 'fail', reason: 'PacketLoss' });
    expect(run.exitCode).toBe(1);
    await expectNothingLeft(namespace, 'staying-deny');
  });
});

describe('a destination that closes its port while a denied test waits', () => {
  it.each([
    ['its own control', 'closes', ['pod/blocked', 'pod/closes:8080', '--control', 'pod/open'], []],
    [
      'another source of the run',
      'closes-too',
      ['-l', 'role=client', '--mode', 'all', 'pod/closes-too:8080'],
      [{ source: { pod: 'open' }, verdict: 'fail', reason: 'Connected' }],
    ],
  ])('proves nothing, though %s had reached it', async (_control, pod, words, others) => {
    await ownPods(namespace, pod);
    const flags = ['--expect', 'deny', '--attempts', '1', '--connect-timeout', '4s', '-o', 'json'];
    const close = () => kubectl(['exec', '-n', namespace, pod, '--', 'sh', '-c', 'kill $(pidof nc)']);
    const run = await during(['connect', '-n', namespace, ...words, ...flags], hasWorked(namespace, 'blocked'), close);
    const { results } = JSON.parse(run.stdout) as Report;
    expect(results.filter(({ source }) => source.pod === 'blocked')).toMatchObject([
      {
        verdict: 'inconclusive',
        reason: 'NoPositiveControl',
        message: expect.stringContaining(`but ${namespace}/open, which had reached it, does not any more`) as string,
        control: { source: `${namespace}/open`, reached: false, reachedBefore: true },
      },
    ]);
    expect(results.filter(({ source }) => source.pod !== 'blocked')).toMatchObject(others);
    expect(run.exitCode).toBe(others.length === 0 ? 4 : 1);
  });
});

it.concurrent('a tool container that is killed is an error, and another follows it', async () => {
  await ownPods(namespace, 'killed');
  const args = ['ping', '-n', namespace, 'killed', 'server'];
  const words = ['exec', '-n', namespace, 'killed', '-c', 'netmachinery-1', '--', 'sh', '-c', 'kill -KILL -1; kill 1'];
  // Its own shell may die with the container.
  const kill = () => kubectl(words).catch(() => undefined);
  const run = await during([...args, ...long], hasWorked(namespace, 'killed'), kill);
  const result = onlyResult(run);
  expect(result).toMatchObject({ verdict: 'error' });
  expect(result.reason).toMatch(/^(ToolFailed|ToolContainerFailed|ConnectionLost)$/);
  expect(run.exitCode).toBe(3);
  const status = 'jsonpath={.status.ephemeralContainerStatuses[?(@.name=="netmachinery-1")].state.terminated.reason}';
  await kubectl(['wait', '-n', namespace, 'pod/killed', `--for=${status}`, '--timeout=30s']);
  const next = await report([...args, '--count', '2', '--interval', '20ms']);
  expect(next.report.summary).toMatchObject({ total: 1, pass: 1 });
  expect((await ephemeralContainers(namespace))['killed']?.sort()).toEqual(['netmachinery-1', 'netmachinery-2']);
});

describe.concurrent('a connection that is cut', () => {
  const isExec = (url = '') => url.includes('/exec?');
  const through = async (fault: Fault, args: string[]): Promise<CliResult> => {
    const proxy = await faultProxy(({ url }) => (isExec(url) ? fault : 'pass'));
    const [verb = '', ...words] = args;
    const run = await during(
      [verb, '--server', proxy.url, '-n', namespace, ...words],
      () => Promise.resolve(true),
      () => undefined,
    );
    await proxy.close();
    return run;
  };

  it('under a ping makes an error of it, and the remote command ends', async () => {
    await ownPods(namespace, 'cut');
    const run = await through({ cutAfterBytes: 600 }, ['ping', 'cut', 'server', ...long]);
    expect(onlyResult(run)).toMatchObject({ verdict: 'error', reason: 'ConnectionLost' });
    expect(run.exitCode).toBe(3);
    await expectNothingLeft(namespace, 'cut');
  });

  it('under a connect, too', async () => {
    await ownPods(namespace, 'cut-connect');
    const run = await through({ cutAfterBytes: 60 }, ['connect', 'cut-connect', 'server:8080', ...slow]);
    const { results } = JSON.parse(run.stdout) as Report;
    expect(results.map(({ verdict, reason }) => [verdict, reason])).toContainEqual(['error', 'ConnectionLost']);
    expect(run.exitCode).toBe(3);
    await expectNothingLeft(namespace, 'cut-connect');
  });

  it('everywhere at once is no more than that', async () => {
    await ownPods(namespace, 'cut-all');
    const proxy = await faultProxy(() => 'pass');
    const args = ['ping', '--server', proxy.url, '-n', namespace, 'cut-all', 'server', ...long];
    const run = await during(args, hasWorked(namespace, 'cut-all'), () => proxy.cutAll());
    await proxy.close();
    expect(onlyResult(run)).toMatchObject({ verdict: 'error', reason: 'ConnectionLost' });
    expect(run.exitCode).toBe(3);
    await expectNothingLeft(namespace, 'cut-all');
  });

  it('for good makes an error of it, even if nobody answers any more', async () => {
    await ownPods(namespace, 'lost');
    const proxy = await faultProxy(() => 'pass');
    const args = ['ping', '--server', proxy.url, '-n', namespace, 'lost', 'server', ...long];
    const run = await during(args, hasWorked(namespace, 'lost'), () => proxy.close());
    expect(onlyResult(run)).toMatchObject({ verdict: 'error', reason: 'ConnectionLost' });
    expect(run.exitCode).toBe(3);
    await expectNothingLeft(namespace, 'lost');
  });
});
