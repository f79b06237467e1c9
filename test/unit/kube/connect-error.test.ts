// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { connectError } from '../../../src/kube/connect-error.js';

const url = new URL('https://[2001:db8::1]');
const withCode = (code: string) => Object.assign(new Error(code), { code });
const refused = withCode('ECONNREFUSED');

/** A `fetch` that fails as told, or answers, and the addresses that it was asked for. */
function fetching(code?: string): { asked: string[]; again: typeof fetch } {
  const asked: string[] = [];
  const again = (address: string) => {
    asked.push(address);
    return code === undefined ? Promise.resolve(new Response()) : Promise.reject(withCode(code));
  };
  return { asked, again: again as typeof fetch };
}

it('asks once more what was in the way, with nothing of the request', async () => {
  const { asked, again } = fetching('EHOSTUNREACH');
  expect(await connectError(refused, url, again)).toMatchObject({ code: 'EHOSTUNREACH' });
  expect(asked).toEqual(['http://[2001:db8::1]:443/']);
});

it.each(['ECONNREFUSED', 'ConnectionRefused', 'ECONNRESET', undefined])('leaves a refusal one (%s)', async (code) => {
  expect(await connectError(refused, url, fetching(code).again)).toBe(refused);
});

it('asks nothing about other errors, nor where sockets say what it was', async () => {
  const { asked, again } = fetching('EHOSTUNREACH');
  const reset = withCode('ECONNRESET');
  expect(await connectError(reset, url, again)).toBe(reset);
  expect(await connectError(refused, url)).toBe(refused);
  expect(asked).toEqual([]);
});
