// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ControllerMetrics } from '../../../../src/agents/controller/metrics.js';
import type { HeldProber } from '../../../../src/agents/controller/network-probers.js';
import { StatusWriter } from '../../../../src/agents/controller/status-writer.js';
import { json, statusAnswer, WatchServer, type Answer } from '../../kube/watch-server.js';

const end = new AbortController();
const facts = { generation: 1, faults: [], refusedImage: undefined, pods: ['shop/web'], listedCount: 1, lists: [] };

let server: WatchServer;
let asked: string[];
let answer: Answer;
let logged: string[];
let writer: StatusWriter;

beforeEach(async () => {
  [asked, logged, answer] = [[], [], json({ kind: 'NetworkProber' })];
  server = new WatchServer((response, request) => {
    asked.push(`${request.method ?? ''} ${request.url?.split('?')[0] ?? ''}`);
    answer(response, request);
  });
  const cluster = await server.cluster;
  const metrics = new ControllerMetrics();
  writer = new StatusWriter({ cluster, signal: end.signal, log: (line) => logged.push(line), metrics });
});
afterEach(async () => {
  (await server.cluster).close();
  await server.stop();
});

const prober = (uid: string): HeldProber => ({
  namespace: 'shop',
  name: 'rtt',
  uid,
  generation: 1,
  parsed: { faults: [] },
  status: undefined,
});

test('a status is sent once, however late the watch shows it, and again to a NetworkProber that was made anew', async () => {
  expect(await writer.write(prober('1'), facts)).toBe(true);
  expect(await writer.write(prober('1'), facts)).toBe(true);
  expect(asked).toEqual(['PATCH /apis/probes.bigmikes.io/v1alpha1/namespaces/shop/networkprobers/rtt/status']);
  expect(await writer.write(prober('1'), { ...facts, listedCount: 0 })).toBe(true);
  expect(asked).toHaveLength(2);
  expect(await writer.write(prober('2'), { ...facts, listedCount: 0 })).toBe(true);
  expect(asked).toHaveLength(3);
});

test('what fails is told once and tried again; one that is gone is done', async () => {
  answer = statusAnswer(403, 'Forbidden');
  expect(await writer.write(prober('1'), facts)).toBe(false);
  expect(await writer.write(prober('1'), facts)).toBe(false);
  expect(logged).toHaveLength(1);
  answer = statusAnswer(404, 'NotFound');
  expect(await writer.write(prober('1'), facts)).toBe(true);
});
