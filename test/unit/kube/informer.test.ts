// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Failure } from '../../../src/errors/failure.js';
import { Informer } from '../../../src/kube/informer.js';
import type { KubeObject } from '../../../src/kube/objects.js';
import { json, statusAnswer, WatchServer, type Answer } from './watch-server.js';

const path = '/api/v1/pods';
const soon = { timeout: 10_000, interval: 10 };

let server: WatchServer;
let end: AbortController;
/** How lists and watches are answered, the last one for all that come after. */
let lists: Answer[];
let watches: Answer[];
let asked: string[];
let changes: number;
let troubles: (Failure | undefined)[];
let ended: Promise<void>;

beforeEach(() => {
  end = new AbortController();
  [lists, watches, asked, troubles, changes] = [[], [], [], [], 0];
  server = new WatchServer((response, request) => {
    const url = new URL(request.url ?? '', 'http://server');
    const isWatch = url.searchParams.get('watch') === 'true';
    asked.push(isWatch ? `watch from ${url.searchParams.get('resourceVersion') ?? ''}` : 'list');
    const answers = isWatch ? watches : lists;
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(response, request);
  });
});
afterEach(async () => {
  end.abort();
  await ended;
  (await server.cluster).close();
  await server.stop();
});

const pod = (name: string, resourceVersion: string, word = '') => ({
  metadata: { namespace: 'shop', name, resourceVersion, annotations: { word } },
});
const list = (resourceVersion: string, ...items: object[]): Answer =>
  json({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion }, items });
const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const bookmark = (resourceVersion: string): string => event('BOOKMARK', { metadata: { resourceVersion } });
const expired = event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });

/** A watch that says these and stays open. */
const open =
  (...events: string[]): Answer =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).write(events.join(''));
/** One that the server ends properly. */
const ending =
  (...events: string[]): Answer =>
  (response) =>
    void response.writeHead(200).end(events.join(''));
/** One whose connection breaks in the middle of an event. */
const breaking =
  (...events: string[]): Answer =>
  (response: ServerResponse) => {
    response.writeHead(200);
    response.write(`${events.join('')}{"type":"MODIF`, () => response.destroy());
  };

async function start(absentIsEmpty = false): Promise<Informer<KubeObject, string>> {
  const informer = new Informer<KubeObject, string>({
    cluster: await server.cluster,
    path,
    keep: ({ metadata: { annotations } }) => (annotations?.['word'] === 'no' ? undefined : annotations?.['word']),
    onChange: () => (changes += 1),
    onTrouble: (failure) => troubles.push(failure),
    absentIsEmpty,
  });
  ended = informer.run(end.signal);
  return informer;
}

const held = (informer: Informer<KubeObject, string>) => Object.fromEntries(informer.items);

test('what matters of all objects is held, kept current by the watch', async () => {
  lists = [list('5', pod('a', '1', 'one'), pod('b', '2', 'no'))];
  watches = [
    open(
      event('ADDED', pod('c', '6', 'three')),
      event('MODIFIED', pod('b', '7', 'two')),
      event('DELETED', pod('a', '8', 'one')),
      event('MODIFIED', pod('c', '9', 'no')),
    ),
  ];
  const informer = await start();
  expect(informer.isSynced).toBe(false);
  await vi.waitFor(() => expect(held(informer)).toEqual({ 'shop/b': 'two' }), soon);
  expect(informer.isSynced).toBe(true);
  const before = changes;
  expect(before).toBeGreaterThanOrEqual(5);
  expect(asked).toEqual(['list', 'watch from 5']);
  expect(troubles).toEqual([]);
});

test('a watch that breaks goes on behind the last whole event or bookmark, without a list, and is no trouble', async () => {
  lists = [list('5')];
  watches = [
    breaking(event('ADDED', pod('a', '6', 'one')), bookmark('40')),
    open(event('ADDED', pod('b', '41', 'two'))),
  ];
  const informer = await start();
  await vi.waitFor(() => expect(held(informer)).toEqual({ 'shop/a': 'one', 'shop/b': 'two' }), soon);
  expect(asked).toEqual(['list', 'watch from 5', 'watch from 40']);
  expect(troubles).toEqual([]);
});

test('a watch that the server ends goes on at once; an expired version needs a new list, in which what is gone is missing', async () => {
  lists = [list('5', pod('a', '1', 'one'), pod('b', '2', 'two')), list('90', pod('b', '80', 'new'))];
  watches = [ending(bookmark('7')), ending(expired), open(bookmark('91'))];
  const informer = await start();
  await vi.waitFor(() => expect(held(informer)).toEqual({ 'shop/b': 'new' }), soon);
  await vi.waitFor(
    () => expect(asked).toEqual(['list', 'watch from 5', 'watch from 7', 'list', 'watch from 90']),
    soon,
  );
  expect(troubles).toEqual([]);
});

test('a version that the server refuses with 410 at once is as good', async () => {
  lists = [list('5', pod('a', '1', 'one')), list('90')];
  watches = [statusAnswer(410, 'Expired'), open(bookmark('91'))];
  const informer = await start();
  await vi.waitFor(() => expect(asked).toEqual(['list', 'watch from 5', 'list', 'watch from 90']), soon);
  expect(held(informer)).toEqual({});
  expect(troubles).toEqual([]);
});

test('objects whose kind is not known are none, and one whose definition goes empties what is held', async () => {
  lists = [list('5', pod('a', '1', 'one')), statusAnswer(404, 'NotFound')];
  watches = [ending(bookmark('6')), statusAnswer(404, 'NotFound')];
  const informer = await start(true);
  await vi.waitFor(() => expect(asked).toEqual(['list', 'watch from 5', 'watch from 6', 'list']), soon);
  await vi.waitFor(() => expect(held(informer)).toEqual({}), soon);
  expect(informer.isSynced).toBe(true);
});

test('where that is a fault, nothing counts as read', async () => {
  lists = [statusAnswer(404, 'NotFound')];
  const informer = await start();
  await vi.waitFor(() => expect(troubles).toHaveLength(1), soon);
  expect(troubles[0]?.status).toBe(404);
  expect(informer.isSynced).toBe(false);
});

test('whoever may list but not watch is told once, and that it goes well only when a watch does', async () => {
  lists = [list('5', pod('a', '1', 'one'))];
  watches = [statusAnswer(403, 'Forbidden'), statusAnswer(403, 'Forbidden'), open(bookmark('6'))];
  const informer = await start();
  await vi.waitFor(() => expect(troubles).toHaveLength(2), soon);
  expect(troubles.map((failure) => failure?.status)).toEqual([403, undefined]);
  expect(held(informer)).toEqual({ 'shop/a': 'one' });
  expect(asked.filter((what) => what === 'list')).toHaveLength(3);
});

test('a server that is away is told once, what was read stays, and the watch goes on where it was', async () => {
  lists = [list('5', pod('a', '1', 'one'))];
  watches = [open(bookmark('6')), open(event('MODIFIED', pod('a', '7', 'new')))];
  const informer = await start();
  await vi.waitFor(() => expect(asked).toEqual(['list', 'watch from 5']), soon);
  await server.stop();
  await vi.waitFor(() => expect(troubles).toHaveLength(1), soon);
  expect(held(informer)).toEqual({ 'shop/a': 'one' });
  await server.start();
  await vi.waitFor(() => expect(held(informer)).toEqual({ 'shop/a': 'new' }), soon);
  await vi.waitFor(() => expect(troubles).toHaveLength(2), soon);
  expect(troubles[1]).toBeUndefined();
  expect(asked.filter((what) => what === 'list')).toHaveLength(1);
});

test('it ends with its signal, also in the middle of a watch', async () => {
  lists = [list('5')];
  watches = [open(bookmark('6'))];
  await start();
  await vi.waitFor(() => expect(asked).toHaveLength(2), soon);
  end.abort();
  await ended;
});
