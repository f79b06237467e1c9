// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { icmpWorks } from '../../../../src/agents/prober/icmp-probe.js';
import type { RecentProbes } from '../../../../src/model/prober.js';
import { startProber, type RunningProber } from '../../../../src/agents/prober/prober.js';

const names = ['web-0', 'web-1', 'web-2'];
const periodMs = 50;
/** The time limit of a probe is its period: so long that no probe fails because the machine has other work. */
const calmPeriodMs = 1000;
const wait = { timeout: 10_000, interval: 20 };

let folder: string;
let configFile: string;
let logged: string[];
const probers = new Map<string, RunningProber>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prober-'));
  configFile = join(folder, 'config.json');
  logged = [];
  await writeFile(configFile, list({}));
  for (const pod of names) {
    const own = { namespace: 'shop', pod, node: `node-of-${pod}`, mesh: '', ips: ['127.0.0.1'] };
    const environment = { httpPort: 0, prometheusPort: 0, configFile, neighbours: 10, own };
    probers.set(pod, await startProber({ environment, host: '127.0.0.1', log: (line) => logged.push(line) }));
  }
});
afterEach(async () => {
  await Promise.all([...probers.values()].map((prober) => prober.stop()));
  probers.clear();
  await rm(folder, { recursive: true });
});

const list = (endpointsMap: object, everyMs = periodMs): string =>
  JSON.stringify({ endpointsMap, pollingPeriod: everyMs * 1e6 });

/** Replaces the file in one step, as the kubelet does. */
async function write(text: string): Promise<void> {
  await writeFile(`${configFile}.new`, text);
  await rename(`${configFile}.new`, configFile);
}
const writeMembers = (pods: string[], everyMs = periodMs): Promise<void> =>
  write(
    list(
      Object.fromEntries(
        pods.map((pod) => [pod, { ip: '127.0.0.1', port: String(prober(pod).pingPort), node: `node-of-${pod}` }]),
      ),
      everyMs,
    ),
  );

function prober(pod: string): RunningProber {
  const found = probers.get(pod);
  if (found === undefined) throw new Error(`no ${pod}`);
  return found;
}

async function page(pod: string, path: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${prober(pod).prometheusPort}${path}`)).text();
}

/** The sum of the values of all series of a metric that have these labels; NaN where there is none. */
async function value(pod: string, metric: string, ...labels: string[]): Promise<number> {
  const lines = (await page(pod, '/metrics')).split('\n');
  const values = lines
    .filter((line) => line.startsWith(`${metric}{`) && labels.every((label) => line.includes(label)))
    .map((line) => Number(line.split(' ').at(-1)));
  return values.length === 0 ? NaN : values.reduce((sum, each) => sum + each, 0);
}

const durations = 'netmachinery_probe_duration_seconds_count';
const failures = 'netmachinery_probe_failures_total';
const to = (pod: string): string => `destination_pod="${pod}"`;

describe('three probers', () => {
  it('measure each other over every protocol that there is', async () => {
    await writeMembers(names, calmPeriodMs);
    const protocols = ['http', 'tcp', ...((await icmpWorks()) ? ['icmp'] : [])];
    for (const source of names)
      for (const destination of names.filter((name) => name !== source))
        for (const protocol of protocols)
          await vi.waitFor(async () => {
            const labels = [`protocol="${protocol}"`, `source_pod="${source}"`, `source_node="node-of-${source}"`];
            const ends = [...labels, to(destination), `destination_node="node-of-${destination}"`];
            expect(await value(source, durations, 'destination_namespace="shop"', ...ends)).toBeGreaterThan(1);
          }, wait);
    const text = await page('web-0', '/metrics');
    expect(text).toMatch(/netprober_interpod_latency_s_count\{dest_pod_name="web-1",dest_ip="127\.0\.0\.1"\} [1-9]/);
    expect(text).toMatch(/netmachinery_prober_scheduling_delay_seconds_count [1-9]/);
    expect(text).not.toContain(to('web-0'));
    expect(text).not.toContain(`${failures}{`);
  });

  it('count failures of one that is gone, and forget it when the list does', async () => {
    await writeMembers(names);
    await vi.waitFor(async () => expect(await value('web-0', durations, to('web-2'))).toBeGreaterThan(0), wait);
    await prober('web-2').stop();
    const refused = (): Promise<number> => value('web-0', failures, to('web-2'), 'protocol="tcp"', 'reason="refused"');
    await vi.waitFor(async () => expect(await refused()).toBeGreaterThan(2), wait);
    const measured = await value('web-0', durations, to('web-2'), 'protocol="http"');
    const refusedBefore = await refused();
    await vi.waitFor(async () => expect(await refused()).toBeGreaterThan(refusedBefore + 2), wait);
    expect(await value('web-0', durations, to('web-2'), 'protocol="http"')).toBe(measured);

    await writeMembers(['web-0', 'web-1']);
    await vi.waitFor(async () => expect(await page('web-0', '/metrics')).not.toContain('web-2'), wait);
    const others = await value('web-0', durations, to('web-1'));
    await vi.waitFor(async () => expect(await value('web-0', durations, to('web-1'))).toBeGreaterThan(others), wait);
    expect(await page('web-0', '/metrics')).not.toContain('web-2');
  });

  it('tell on /recent what they found lately, and of one that left the list that it did', async () => {
    await writeMembers(names);
    const recent = async (query = ''): Promise<RecentProbes> =>
      JSON.parse(await page('web-0', `/recent${query}`)) as RecentProbes;
    const of = ({ destinations }: RecentProbes, pod: string) => destinations.find((each) => each.pod === pod);
    await vi.waitFor(async () => {
      for (const pod of ['web-1', 'web-2']) expect(of(await recent(), pod)?.probes.http?.length).toBeGreaterThan(2);
    }, wait);
    const answer = await recent();
    expect(answer).toMatchObject({ kind: 'RecentProbes', namespace: 'shop', pod: 'web-0', periodMs, members: 3 });
    expect(of(answer, 'web-0')).toBeUndefined();
    expect(of(answer, 'web-1')).toMatchObject({ namespace: 'shop', node: 'node-of-web-1', ip: '127.0.0.1' });
    const measured = of(answer, 'web-1')?.probes.tcp?.filter(({ failure }) => failure === undefined) ?? [];
    expect(measured).not.toEqual([]);
    for (const probe of measured) expect(probe.ms).toBeGreaterThan(0);
    expect(Object.keys(of(await recent('?protocol=http'), 'web-1')?.probes ?? {})).toEqual(['http']);

    await prober('web-2').stop();
    const last = async () => of(await recent(), 'web-2')?.probes.http?.at(-1);
    await vi.waitFor(async () => expect((await last())?.failure).toBe('refused'), wait);
    await writeMembers(['web-0', 'web-1']);
    await vi.waitFor(async () => expect(of(await recent(), 'web-2')?.left).toBe(true), wait);
    expect((await last())?.failure).toBe('refused');
  });

  it('go on with the last good list while the file is broken, and say so once', async () => {
    await writeMembers(names);
    await vi.waitFor(async () => expect(await value('web-0', durations, to('web-1'))).toBeGreaterThan(0), wait);
    await write('{"endpointsMap":');
    const failed = async (): Promise<string> =>
      /^netmachinery_prober_peer_list_failures_total (\d+)$/m.exec(await page('web-0', '/metrics'))?.[1] ?? '';
    await vi.waitFor(async () => expect(Number(await failed())).toBeGreaterThan(2), wait);
    expect(logged.filter((line) => line.includes('not JSON'))).toHaveLength(names.length);
    const before = await value('web-0', durations, to('web-1'));
    await vi.waitFor(async () => expect(await value('web-0', durations, to('web-1'))).toBeGreaterThan(before), wait);
    expect(await page('web-0', '/readyz')).toBe('ok\n');
  });
});

describe('a prober without a list', () => {
  it('is alive, but not ready until there is one', async () => {
    await rm(configFile);
    const own = { namespace: 'shop', pod: 'web-3', node: '', mesh: '', ips: [] };
    const environment = { httpPort: 0, prometheusPort: 0, configFile, neighbours: 10, own };
    probers.set('web-3', await startProber({ environment, host: '127.0.0.1', log: () => undefined }));
    const status = async (path: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${prober('web-3').prometheusPort}${path}`)).status;
    expect([await status('/healthz'), await status('/readyz'), await status('/')]).toEqual([200, 503, 404]);
    await writeMembers(['web-0']);
    await vi.waitFor(async () => expect(await status('/readyz')).toBe(200), wait);
    await vi.waitFor(async () => expect(await value('web-3', durations, to('web-0'))).toBeGreaterThan(0), wait);
  });
});
