// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeArchive } from '../../../scripts/release/archive.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netmachinery-archive-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('the same files give the same archive, whatever their times, modes and order', async () => {
  const source = join(folder, 'source');
  const archive = (name: string) => join(folder, name);
  const first = { path: 'a/program', content: { file: source }, executable: true };
  const second = { path: 'README', content: { text: 'read me' } };
  await writeFile(source, 'content');
  await writeArchive(archive('one'), [first, second], 1);
  await chmod(source, 0o600);
  await utimes(source, 1, 2);
  await writeArchive(archive('two'), [second, first], 1);
  const [one, two] = await Promise.all([readFile(archive('one')), readFile(archive('two'))]);
  expect(one.equals(two)).toBe(true);
  // RFC 1952: neither a name nor a time.
  expect(one.subarray(3, 8)).toEqual(Buffer.from([0, 0, 0, 0, 0]));
  await writeFile(source, 'another');
  await writeArchive(archive('three'), [first, second], 1);
  expect(gunzipSync(one).equals(gunzipSync(await readFile(archive('three'))))).toBe(false);
});
