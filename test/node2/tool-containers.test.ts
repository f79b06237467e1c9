// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { report, runUntil } from '../e2e/cli.js';
import { createReady, idleProcesses, podManifest, processesOnce } from '../e2e/kubectl.js';
import { ephemeralContainers } from '../e2e/manifests.js';
import { onEachBoot } from './each-boot.js';

let namespace = '';

onEachBoot('node2', async (own) => {
  namespace = own;
  const sources = ['reused', 'stopped', 'without-exec'];
  await createReady(
    namespace,
    podManifest('near', { node: 'node1' }),
    ...sources.map((name) => podManifest(name, { node: 'node2' })),
  );
});

/** The tools alone take seconds to start when others work there; the remote command's own limit grows with the first. */
const patience = ['--connect-timeout', '10s', '--timeout', '5m'];
const ping = (source: string, ...flags: string[]) =>
  report(['ping', '-n', namespace, source, 'near', '--count', '3', ...patience, ...flags]);

/** What the other files try on node1, on another kernel, another containerd and a much slower machine. */
describe('on another node', () => {
  it('a tool container is added once and reused', async () => {
    const [cold, warm] = [await ping('reused'), await ping('reused')];
    for (const { exitCode, report: found } of [cold, warm]) {
      expect(found.results[0]).toMatchObject({ verdict: 'pass', source: { node: 'node2' } });
      expect(exitCode).toBe(0);
    }
    expect(warm.stderr).toBe('');
    expect(await ephemeralContainers(namespace)).toMatchObject({ reused: ['netmachinery-1'] });
  });

  it('is a source over both families', async () => {
    const { exitCode, report: found } = await ping('reused', '--ip-families', 'both');
    expect(found.results.map(({ reason, message }) => [reason, message])).toEqual([
      ['EchoReply', '3 of 3 echo requests answered'],
      ['EchoReply', '3 of 3 echo requests answered'],
    ]);
    expect(found.results.map(({ source }) => source.node)).toEqual(['node2', 'node2']);
    expect(found.results.map(({ destination }) => destination.node)).toEqual(['node1', 'node1']);
    expect(exitCode).toBe(0);
  });

  it('an interrupted run leaves nothing running', async () => {
    const args = ['ping', '-n', namespace, 'stopped', 'near', '--count', '1000', '--interval', '100ms'];
    const atWork = async () => (await processesOnce(namespace, 'stopped', 'working')).length > idleProcesses.length;
    const { exitCode, stdout } = await runUntil([...args, ...patience, '-o', 'json'], atWork, 'SIGINT');
    expect((JSON.parse(stdout) as Report).results).toMatchObject([{ reason: 'Interrupted' }]);
    expect(exitCode).toBe(130);
    expect(await processesOnce(namespace, 'stopped', 'idle')).toEqual(idleProcesses);
  });

  it('a probe pod and a container that is read by its log say the same as an exec', async () => {
    for (const flag of ['--no-exec', '--probe-pod']) {
      const { exitCode, report: found } = await ping('without-exec', flag);
      expect(found.results[0]).toMatchObject({ verdict: 'pass', received: 3, source: { node: 'node2' } });
      expect(exitCode).toBe(0);
    }
  });
});
