// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { leadByLease } from '../../../src/kube/leader-election.js';
import { json, statusAnswer, WatchServer, type Answer } from './watch-server.js';

const times = { leaseMs: 2000, renewMs: 1000, retryMs: 100 };
const soon = { timeout: 15_000, interval: 10 };

interface Lease {
  metadata: { name: string; resourceVersion: string };
  spec: { holderIdentity?: string; leaseTransitions?: number };
}

/** What one candidate does and how it reaches the server, which holds the Lease for all. */
interface Standing {
  server: WatchServer;
  end: AbortController;
  ended: Promise<void>;
  /** Instead of an answer. */
  fault: Answer | undefined;
}

let lease: Lease | undefined;
let version: number;
let events: string[];
let candidates: Standing[];

beforeEach(() => {
  [lease, version, events, candidates] = [undefined, 0, [], []];
});
afterEach(async () => {
  for (const { end } of candidates) end.abort();
  await Promise.allSettled(candidates.map(({ ended }) => ended));
  for (const { server } of candidates) {
    (await server.cluster).close();
    await server.stop();
  }
});

async function bodyOf(request: IncomingMessage): Promise<Partial<Lease>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Partial<Lease>);
}

function store(name: string, spec: Lease['spec']): Answer {
  version += 1;
  lease = { metadata: { name, resourceVersion: String(version) }, spec };
  return json({ kind: 'Lease', ...lease });
}

/** As the API server does it: an update of another version than the stored one is a conflict. */
function answerTo(method: string, { metadata, spec = {} }: Partial<Lease>): Answer {
  if (method === 'POST') return lease === undefined ? store('l', spec) : statusAnswer(409, 'AlreadyExists');
  if (lease === undefined) return statusAnswer(404, 'NotFound');
  if (method === 'GET') return json({ kind: 'Lease', ...lease });
  if (metadata?.resourceVersion !== lease.metadata.resourceVersion) return statusAnswer(409, 'Conflict');
  return store('l', { ...lease.spec, ...spec });
}

/** Stands for leader. Its work is told in `events`, and lasts until its signal aborts. */
async function stand(identity: string, work?: () => Promise<void>): Promise<Standing> {
  const end = new AbortController();
  const server = new WatchServer((response, request) => {
    if (standing.fault !== undefined) {
      standing.fault(response, request);
      return;
    }
    void bodyOf(request).then((body) => answerTo(request.method ?? '', body)(response, request));
  });
  const cluster = await server.cluster;
  const standing: Standing = { server, end, ended: Promise.resolve(), fault: undefined };
  const candidate = { cluster, namespace: 'n', name: 'l', identity, times, log: () => undefined };
  standing.ended = leadByLease(
    candidate,
    async (signal) => {
      events.push(`${identity} begins`);
      await (work?.() ?? new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())));
      events.push(`${identity} ends`);
    },
    end.signal,
  );
  // Whoever expects it to reject says so; the others would see it in what they wait for.
  standing.ended.catch(() => undefined);
  candidates.push(standing);
  return standing;
}

const holder = (): string | undefined => lease?.spec.holderIdentity;
const until = (...expected: string[]) => vi.waitFor(() => expect(events).toEqual(expected), soon);

test('of two who begin at once one leads, and the other when it has ended and given the Lease back', async () => {
  await Promise.all([stand('a'), stand('b')]);
  await vi.waitFor(() => expect(events).toHaveLength(1), soon);
  const [first, second] = events[0] === 'a begins' ? ['a', 'b'] : ['b', 'a'];
  // Many tries of both.
  const written = version;
  await vi.waitFor(() => expect(version).toBeGreaterThan(written + 10), soon);
  expect(events).toEqual([`${first} begins`]);
  expect(holder()).toBe(first);
  const leading = candidates[events[0] === 'a begins' ? 0 : 1];
  leading?.end.abort();
  await leading?.ended;
  await until(`${first} begins`, `${first} ends`, `${second} begins`);
  expect(lease?.spec.leaseTransitions).toBeGreaterThan(0);
});

test.each<[string, Answer]>([
  ['gets no answers', () => undefined],
  ['gets errors', statusAnswer(500, 'InternalError')],
  ['may not any more', statusAnswer(403, 'Forbidden')],
  ['has its connections broken', (response) => response.destroy()],
])('a leader that %s ends its work before another one begins', async (_what, fault) => {
  const first = await stand('a');
  await until('a begins');
  await stand('b');
  first.fault = fault;
  await until('a begins', 'a ends', 'b begins');
  // And stands again.
  first.fault = undefined;
  candidates[1]?.end.abort();
  await until('a begins', 'a ends', 'b begins', 'b ends', 'a begins');
});

test('a leader whose Lease is taken ends its work, and does not take it back', async () => {
  await stand('a');
  await until('a begins');
  store('l', { ...lease?.spec, holderIdentity: 'stranger' });
  await vi.waitFor(() => expect(events).toEqual(['a begins', 'a ends']), soon);
  expect(holder()).toBe('stranger');
});

test('a leader whose Lease is deleted, or changed by somebody who leaves it to him, makes it anew and goes on', async () => {
  await stand('a');
  await until('a begins');
  lease = undefined;
  await vi.waitFor(() => expect(holder()).toBe('a'), soon);
  store('l', { holderIdentity: 'a' });
  const written = version;
  await vi.waitFor(() => expect(version).toBeGreaterThan(written + 2), soon);
  expect(events).toEqual(['a begins']);
});

test('what the work throws is thrown, also while a renewal waits for its answer, and the Lease is given back', async () => {
  let fail: (reason: Error) => void = () => undefined;
  const standing = await stand('a', () => new Promise((_, reject) => (fail = reject)));
  await until('a begins');
  let isAsked = false;
  standing.fault = () => (isAsked = true);
  await vi.waitFor(() => expect(isAsked).toBe(true), soon);
  standing.fault = undefined;
  fail(new Error('broken'));
  await expect(standing.ended).rejects.toThrow('broken');
  expect(holder()).toBe('');
});
