// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ControllerMetrics } from '../../../../src/agents/controller/metrics.js';
import { NamespaceLane } from '../../../../src/agents/controller/namespace-lane.js';
import type { WantedList } from '../../../../src/agents/controller/peer-lists.js';
import { json, statusAnswer, WatchServer } from '../../kube/watch-server.js';

const soon = { timeout: 10_000, interval: 10 };

let server: WatchServer;
let end: AbortController;
/** `METHOD NAME` of each request for a ConfigMap. */
let asked: string[];
let isBadRefused: boolean;
let logged: string[];
let lane: NamespaceLane;

beforeEach(async () => {
  [asked, logged, isBadRefused, end] = [[], [], true, new AbortController()];
  server = new WatchServer((response, request) => {
    const name = /configmaps\/(\w+)/.exec(request.url ?? '')?.[1] ?? '';
    asked.push(`${request.method ?? ''} ${name}`);
    if (name === 'bad' && isBadRefused) statusAnswer(403, 'Forbidden')(response, request);
    else if (request.method === 'GET') statusAnswer(404, 'NotFound')(response, request);
    else json({ kind: 'ConfigMap' })(response, request);
  });
  lane = new NamespaceLane('shop', {
    cluster: await server.cluster,
    signal: end.signal,
    log: (line) => logged.push(line),
    metrics: new ControllerMetrics(),
    limit: (work) => work(),
    onChange: () => undefined,
  });
});
afterEach(async () => {
  lane.stop();
  end.abort();
  (await server.cluster).close();
  await server.stop();
});

function wanted(...lists: [name: string, endpoints: string][]): Map<string, WantedList> {
  return new Map(
    lists.map(([name, endpoints]) => [
      name,
      { namespace: 'shop', name, mesh: name, action: 'write', isNeeded: true, endpoints, periodNs: 1e9 },
    ]),
  );
}

const writesOf = (name: string): number => asked.filter((what) => what === `PATCH ${name}`).length;

test('a list that cannot be written holds up no other one, and is tried again until it can', async () => {
  lane.want(wanted(['bad', '{"a":1}'], ['good', '{"a":1}']));
  await vi.waitFor(() => expect(writesOf('good')).toBe(1), soon);
  await vi.waitFor(() => expect(lane.states.get('good')).toEqual({ outcome: 'written' }), soon);
  expect(lane.states.get('bad')).toHaveProperty('failure.status', 403);
  lane.want(wanted(['bad', '{"a":2}'], ['good', '{"a":2}']));
  await vi.waitFor(() => expect(writesOf('good')).toBe(2), soon);
  // It was written before the other one was tried again.
  expect(asked.slice(0, asked.lastIndexOf('PATCH good')).filter((what) => what === 'GET bad')).toHaveLength(1);
  expect(logged).toHaveLength(1);

  isBadRefused = false;
  await vi.waitFor(() => expect(lane.states.get('bad')).toEqual({ outcome: 'written' }), soon);
  expect(logged.at(-1)).toBe('namespace shop: its peer lists are kept again');
  expect(writesOf('good')).toBe(2);
});

test('what is the same is not written again, unless a review asks for it', async () => {
  lane.want(wanted(['good', '{}']));
  await vi.waitFor(() => expect(writesOf('good')).toBe(1), soon);
  lane.want(wanted(['good', '{}']));
  lane.want(wanted(['good', '{}'], ['other', '{}']));
  await vi.waitFor(() => expect(writesOf('other')).toBe(1), soon);
  expect(writesOf('good')).toBe(1);
  lane.review();
  await vi.waitFor(() => expect(writesOf('good')).toBe(2), soon);
});
