// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { neighboursOf } from '../../../../src/agents/prober/ring.js';
import { bundleProber, peerListOf, startProberProcess, type ProberProcess } from '../../../probers/prober-process.js';

const k = 10;
const periodMs = 1000;
const pods = Array.from({ length: 200 }, (_, index) => `web-${index}`);
const names = pods.map((pod) => `shop/${pod}`);
const own = 'web-0';
const ipOf = (pod: string): string => `127.0.1.${pods.indexOf(pod) + 1}`;
const ringOf = (pod: string, members: readonly string[]): string[] =>
  neighboursOf(`shop/${pod}`, members, k).map((name) => name.replace('shop/', ''));

let folder: string;
let bundle: string;
let configFile: string;
let prober: ProberProcess | undefined;
/** The members: one server on all addresses of loopback, and how many requests each address got. */
const requests = new Map<string, number>();
const server = createServer((request, response) => {
  const ip = request.socket.localAddress ?? '';
  requests.set(ip, (requests.get(ip) ?? 0) + 1);
  response.end('pong\n');
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'two-hundred-'));
  bundle = join(folder, 'prober.mjs');
  configFile = join(folder, 'config.json');
  await bundleProber(bundle);
  await once(server.listen(0, '0.0.0.0'), 'listening');
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => writeMembers(pods));
afterEach(async () => {
  await prober?.stop();
  requests.clear();
});

const portOf = (of: typeof server): number => (of.address() as AddressInfo).port;

async function writeMembers(members: readonly string[]): Promise<void> {
  const list = members.map((pod) => ({ pod, ip: ipOf(pod), port: portOf(server) }));
  await writeFile(`${configFile}.new`, peerListOf(list, periodMs));
  await rename(`${configFile}.new`, configFile);
}

async function freePort(): Promise<number> {
  const one = createServer();
  await once(one.listen(0), 'listening');
  const port = portOf(one);
  one.close();
  return port;
}

async function start(neighbours: number): Promise<ProberProcess> {
  const [httpPort, prometheusPort] = [await freePort(), await freePort()];
  const settings = { pod: own, ip: ipOf(own), httpPort, prometheusPort, configFile, neighbours };
  prober = startProberProcess(bundle, settings);
  return prober;
}

/** Who gets requests, once so many do; what is on its way when a list changes is let through before. */
async function probed(howMany: number): Promise<string[]> {
  await vi.waitFor(() => expect(requests.size).toBeGreaterThanOrEqual(howMany), { timeout: 20_000, interval: 50 });
  await pause(2 * periodMs);
  return pods.filter((pod) => requests.has(ipOf(pod)));
}

async function value(of: ProberProcess, metric: string): Promise<number> {
  const text = await of.metrics();
  return Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Requests in four periods beside those that were planned, and what the prober says it left out. */
async function load(of: ProberProcess, destinations: number) {
  const missed = (): Promise<number> => value(of, 'netmachinery_prober_missed_probes_total');
  const count = (): number => [...requests.values()].reduce((sum, each) => sum + each, 0);
  const missedBefore = await missed();
  const before = count();
  const startedMs = performance.now();
  await pause(4 * periodMs);
  const planned = (destinations * (performance.now() - startedMs)) / periodMs;
  return { got: count() - before, planned, missed: (await missed()) - missedBefore };
}

describe.each([
  { neighbours: k, destinations: ringOf(own, names) },
  { neighbours: 0, destinations: pods.filter((pod) => pod !== own) },
])('one of 200 members with $neighbours neighbours', ({ neighbours, destinations }) => {
  it('probes exactly those that it should, as often as it should, in little memory', async () => {
    const running = await start(neighbours);
    expect((await probed(destinations.length)).sort()).toEqual([...destinations].sort());
    expect(await value(running, 'netmachinery_prober_members')).toBe(200);
    expect(await value(running, 'netmachinery_prober_destinations')).toBe(destinations.length);

    const { got, planned, missed } = await load(running, destinations.length);
    // Each has its own place in the period: one more or less of each at the edges.
    expect(got).toBeLessThanOrEqual(planned + destinations.length);
    expect(got + missed).toBeGreaterThanOrEqual(0.9 * planned - destinations.length);
    expect((await probed(destinations.length)).sort()).toEqual([...destinations].sort());
    // The budget of 64 MB is of ten; the page of metrics, read above, is of 5 MB for all 199.
    expect(running.rssMb()).toBeLessThan(neighbours === 0 ? 110 : 80);
  });
});

describe('the ring of 200 members', () => {
  it('gives each of them as many sources as destinations', () => {
    const sources = new Map<string, number>();
    for (const pod of pods) for (const to of ringOf(pod, names)) sources.set(to, (sources.get(to) ?? 0) + 1);
    expect(pods.map((pod) => sources.get(pod))).toEqual(pods.map(() => k));
  });

  it('changes one entry in as many lists when one leaves', () => {
    const rest = names.filter((name) => name !== 'shop/web-77');
    const changes = pods
      .filter((pod) => pod !== 'web-77')
      .map((pod) => {
        const before = new Set(ringOf(pod, names));
        return ringOf(pod, rest).filter((to) => !before.has(to)).length;
      });
    expect(changes.filter((count) => count > 0)).toEqual(Array.from({ length: k }, () => 1));
  });

  it('is followed by a running prober: one neighbour leaves, the next one comes, the others stay', async () => {
    await start(k);
    const before = ringOf(own, names);
    expect((await probed(k)).sort()).toEqual([...before].sort());
    const [left = ''] = before;
    const rest = names.filter((name) => name !== `shop/${left}`);
    const after = ringOf(own, rest);
    const [come = ''] = after.filter((pod) => !before.includes(pod));
    await writeMembers(pods.filter((pod) => pod !== left));
    await vi.waitFor(() => expect(requests.has(ipOf(come))).toBe(true), { timeout: 20_000, interval: 50 });
    requests.clear();
    expect((await probed(k)).sort()).toEqual([...after].sort());
    expect(await prober?.metrics()).not.toContain(`destination_pod="${left}"`);
  });
});
