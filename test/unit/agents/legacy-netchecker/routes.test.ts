// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerOf } from '../../../../src/agents/legacy-netchecker/plain-answers.js';
import { routeOf } from '../../../../src/agents/legacy-netchecker/routes.js';

interface Recorded {
  Method: string;
  Path: string;
  Status: number;
  Header: Record<string, string>;
  Body: string;
}

const file = join(import.meta.dirname, 'recorded/routes.json');
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded[];

test.each(recorded)('$Method $Path is answered as by Go', ({ Method, Path, Status, Header, Body }) => {
  // Where the recording asked with the whole URL (`//api/v1/ping`), the location is a whole one as well.
  const { 'x-handler': handler, 'content-length': length, ...header } = Header;
  if (header['location'] !== undefined) header['location'] = header['location'].replace(/^http:\/\/[^/]+/, '');
  const [path = '', query] = Path.split('?');
  const route = routeOf(Method, decodeURIComponent(path));
  if (handler !== undefined) {
    expect(route).toMatchObject({ kind: 'handler' });
    expect('handler' in route ? `${route.handler} ${route.name}`.trim() : '').toBe(handler);
    return;
  }
  if (route.kind === 'handler') throw new Error(route.handler);
  const answer = answerOf(Method, route, query === undefined ? '' : `?${query}`);
  expect({ status: answer.status, headers: answer.headers }).toEqual({ status: Status, headers: header });
  if (Method === 'HEAD') expect(String(Buffer.byteLength(answer.text))).toBe(length);
  else expect(answer.text).toBe(Body);
});

test('whatever is asked is routed, and a redirect never leads to itself', () => {
  const segment = fc.constantFrom(
    '',
    'api',
    'v1',
    'agents',
    'ping',
    'AGENTS',
    '.',
    '..',
    'x',
    '%',
    '?',
    '\\',
    'metrics',
  );
  const paths = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(segment).map((all) => `/${all.join('/')}`),
  );
  fc.assert(
    fc.property(fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS'), paths, (method, path) => {
      const route = routeOf(method, path);
      if (route.kind === 'redirect') expect(route.path).not.toBe(path);
    }),
  );
});
