// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace } from './kubectl.js';
import { ephemeralContainers, filteredPod, readySlices, serverPod, service } from './manifests.js';
import { hintsOf, resultOf } from './results.js';

const rules = ['tcp dport { 80, 8080 } drop', 'udp dport 9000 drop', 'tcp dport 8443 reject with tcp reset'];

let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace('expect');
  const client = { labels: { role: 'client' } };
  await createReady(
    namespace,
    service('server', { selector: { app: 'server' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] }),
    serverPod('allowed', client),
    filteredPod('blocked', 'output', rules, client),
    filteredPod('blocked-too', 'output', rules),
    serverPod('server'),
    serverPod('entered'),
    serverPod('untouched'),
  );
  await readySlices(namespace, 'server', 1);
});

afterAll(() => deleteNamespace(namespace));

const quick = ['--connect-timeout', '1500ms', '--attempts', '1'];
const deny = (...args: string[]) => report(['connect', '-n', namespace, ...args, '--expect', 'deny', ...quick]);

describe('--expect deny', () => {
  it('passes for the source that is blocked because another source of the run is not, and fails for that', async () => {
    const { report: found, exitCode } = await deny('-l', 'role=client', '--mode', 'all', 'pod/server:8080');
    expect(exitCode).toBe(1);
    const [open, closed] = ['allowed', 'blocked'].map((pod) => found.results.find(({ source }) => source.pod === pod));
    expect(open).toMatchObject({ verdict: 'fail', reason: 'Connected', expect: 'deny' });
    expect(open?.message).toMatch(/which was to be denied$/);
    expect(open?.control).toBeUndefined();
    expect(closed).toMatchObject({
      verdict: 'pass',
      reason: 'TimedOut',
      control: { source: `${namespace}/allowed`, reached: true },
    });
    expect(found.summary).toMatchObject({ total: 2, pass: 1, fail: 1 });
  });

  it('concludes nothing without a positive control, and says how to have one', async () => {
    const { report: found, exitCode } = await deny('blocked', 'pod/server:8080');
    expect(exitCode).toBe(4);
    expect(found.results[0]).toMatchObject({ verdict: 'inconclusive', reason: 'NoPositiveControl' });
    expect(found.results[0]?.control).toBeUndefined();
    expect(hintsOf(found, found.results[0])).toContainEqual(
      expect.stringMatching(/--control destination or --control SRC/),
    );
  });

  it('fails when it is reached, whatever the control', async () => {
    const { exitCode, report: found } = await deny('allowed', 'pod/server:8080', '--control', 'pod/blocked');
    expect(exitCode).toBe(1);
    expect(found.results[0]).toMatchObject({ verdict: 'fail', reason: 'Connected' });
  });

  it('tells a refusal from a drop', async () => {
    const { report: found, exitCode } = await deny('blocked', 'pod/server:8080,8443', '--control', 'pod/allowed');
    expect(exitCode).toBe(0);
    expect(resultOf(found, { port: 8080 })).toMatchObject({ verdict: 'pass', reason: 'TimedOut' });
    expect(resultOf(found, { port: 8443 })).toMatchObject({ verdict: 'pass', reason: 'Refused' });
  });

  it('holds for UDP, where silence is only a pass beside an answer elsewhere', async () => {
    const [controlled, alone] = await Promise.all([
      deny('blocked', 'udp://pod/server:9000', '--control', 'pod/allowed'),
      deny('blocked', 'udp://pod/server:9000'),
    ]);
    expect(controlled.exitCode).toBe(0);
    expect(controlled.report.results[0]).toMatchObject({ verdict: 'pass', control: { reached: true } });
    expect(alone.exitCode).toBe(4);
  });

  it('holds for ping as well', async () => {
    const run = await report(['ping', '-n', namespace, 'allowed', 'pod/server', '--expect', 'deny', '--count', '1']);
    expect(run.exitCode).toBe(1);
    expect(run.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'EchoReply' });
  });

  it('can be reported without failing the caller', async () => {
    const run = await deny('allowed', 'pod/server:8080', '--exit-zero-on-failure');
    expect(run.report.results).toMatchObject([{ verdict: 'fail', reason: 'Connected' }]);
    expect(run.exitCode).toBe(0);
  });
});

describe('--control', () => {
  it('SRC is a pod of its own, which reaches what the source does not', async () => {
    const run = await deny('blocked', 'pod/server:8080', '--control', 'pod/allowed');
    expect(run.exitCode).toBe(0);
    expect(run.report.results).toHaveLength(1);
    expect(run.report.results[0]).toMatchObject({
      source: { pod: 'blocked' },
      verdict: 'pass',
      control: { source: `${namespace}/allowed`, reached: true },
    });
    expect(run.report.results[0]?.message).toContain(`reached from ${namespace}/allowed`);
  });

  it('SRC that reaches it neither shows nothing', async () => {
    const { report: found, exitCode } = await deny('blocked', 'pod/server:8080', '--control', 'pod/blocked-too');
    expect(exitCode).toBe(4);
    expect(found.results[0]).toMatchObject({
      verdict: 'inconclusive',
      reason: 'NoPositiveControl',
      control: { source: `${namespace}/blocked-too`, reached: false },
    });
  });

  it('destination is the destination pod itself, which is entered and named beforehand', async () => {
    const run = await deny('blocked', 'pod/entered:8080', '--control', 'destination');
    expect(run.exitCode).toBe(0);
    expect(run.report.results[0]).toMatchObject({
      verdict: 'pass',
      control: { source: `${namespace}/entered`, reached: true },
    });
    expect(run.stderr).toContain(`entered as well: ${namespace}/entered`);
    expect((await ephemeralContainers(namespace))['entered']).toEqual(['netmachinery-1']);
  });

  it('destination that listens nowhere shows nothing', async () => {
    const { report: found, exitCode } = await deny('blocked', 'pod/entered:81', '--control', 'destination');
    expect(exitCode).toBe(4);
    expect(found.results[0]).toMatchObject({ reason: 'NoPositiveControl', control: { reached: false } });
  });

  it('destination of a Service is a pod behind it, for the virtual address and the endpoint', async () => {
    const { report: found, exitCode } = await deny('blocked', 'svc/server:80', '--control', 'destination');
    expect(resultOf(found, { kind: 'endpoint' })).toMatchObject({
      verdict: 'pass',
      control: { source: `${namespace}/server`, reached: true },
    });
    expect(resultOf(found, { kind: 'service' }).control).toEqual({ source: `${namespace}/server`, reached: true });
    expect(exitCode).toBe(0);
  });

  it('none leaves it inconclusive, even where another source could be one', async () => {
    const { report: found, exitCode } = await deny('blocked', 'pod/server:8080', '--control', 'none');
    expect(exitCode).toBe(4);
    expect(found.results[0]).toMatchObject({ verdict: 'inconclusive', reason: 'NoPositiveControl' });
  });

  it('counts for --max-pods, and nothing is touched when that is too many', async () => {
    const words = ['connect', '-n', namespace, 'blocked', 'pod/untouched:8080', '--expect', 'deny'];
    const run = await netmachinery([...words, '--control', 'destination', '--max-pods', '1']);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/2 pods would be entered, and --max-pods is 1/);
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('untouched');
  });

  it('makes no sense where nothing is denied', async () => {
    const run = await netmachinery(['connect', '-n', namespace, 'blocked', 'pod/server:80', '--control', 'none']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('--expect deny');
  });
});
