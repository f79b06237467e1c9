// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { readManifestFiles } from '../../../src/manifests/manifest-files.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'));
  await mkdir(join(folder, 'set', 'below.yaml'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  for (const name of ['b.yaml', 'a.yml', 'c.json', 'notes.txt']) await writeFile(join(folder, 'set', name), name);
});

afterAll(() => rm(folder, { recursive: true }));

const noInput = () => Promise.reject(new Error('standard input was read'));
const bytes = (text: string) => new TextEncoder().encode(text);

/** Every line of what is said of these names. */
async function refusal(names: readonly string[], input = noInput as () => Promise<Uint8Array>, recursive = false) {
  const options = { readStandardInput: input, command: 'run', recursive } as const;
  const failure = await readManifestFiles(names, options).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(Failure);
  const { code, message, hint, remedy } = failure as Failure;
  expect(code).toBe('usage');
  return remedy?.split('\n') ?? [hint === undefined ? message : `${message} (${hint})`];
}

test('files, directories and standard input, in their order', async () => {
  const names = [join(folder, 'set', 'notes.txt'), '-', join(folder, 'set')];
  const readStandardInput = () => Promise.resolve(bytes('piped'));
  const { texts, warnings } = await readManifestFiles(names, { readStandardInput, command: 'shape' });
  expect(warnings).toEqual([]);
  expect(texts.map(({ text }) => text)).toEqual(['notes.txt', 'piped', 'a.yml', 'b.yaml', 'c.json']);
  expect(texts[1]?.name).toBe('standard input');
});

test('all that can not be read', async () => {
  const names = ['/does/not/exist', join(folder, 'empty'), 'https://x.example/a.yaml', join(folder, 'set')];
  expect(await refusal(names)).toEqual([
    '/does/not/exist: does not exist',
    expect.stringContaining('no *.yaml, *.yml or *.json'),
    expect.stringContaining('curl https://x.example/a.yaml | kubectl netmachinery run -f -'),
  ]);
});

test('no name, and standard input twice', async () => {
  expect(await refusal([''])).toEqual(['-f names no file: ""']);
  expect(await refusal(['-', '-'], () => Promise.resolve(bytes('a: 1')))).toEqual([
    '-f -: standard input can be read once only',
  ]);
});

test.each([
  ['a program', [0x7f, 0x45, 0x4c, 0x46, 0, 0], 'is no text file'],
  ['UTF-16', [0xff, 0xfe, 0x61, 0], 'is UTF-16 (save it as UTF-8)'],
  ['UTF-16 from the other end', [0xfe, 0xff, 0, 0x61], 'is UTF-16 (save it as UTF-8)'],
  ['Latin-1', [0x61, 0xe4, 0x61], 'is not UTF-8 (save it as UTF-8)'],
])('%s is named as what it is', async (_, content, expected) => {
  const file = join(folder, 'no-text');
  await writeFile(file, Uint8Array.from(content));
  expect(await refusal([file])).toEqual([`${file}: ${expected}`]);
  expect(await refusal(['-'], () => Promise.resolve(Uint8Array.from(content)))).toEqual([
    `standard input: ${expected}`,
  ]);
});

test('a file that is named twice is read once, with a warning', async () => {
  const [set, file] = [join(folder, 'set'), join(folder, 'set', 'b.yaml')];
  const options = { readStandardInput: noInput, command: 'run' } as const;
  const { texts, warnings } = await readManifestFiles([set, file, `${folder}/set/../set/b.yaml`], options);
  expect(texts.map(({ text }) => text)).toEqual(['a.yml', 'b.yaml', 'c.json']);
  expect(warnings).toEqual([
    `${file} is named twice: it is read once`,
    `${folder}/set/../set/b.yaml is named twice, as ${file} too: it is read once`,
  ]);
});

test('a directory without files names its subfolders; -R takes them', async () => {
  expect(await refusal([folder])).toEqual([
    `${folder}: no *.yaml, *.yml or *.json is in this directory (its subfolders have some (${join(folder, 'set')}): add -R)`,
  ]);
  const options = { readStandardInput: noInput, command: 'run', recursive: true } as const;
  const { texts } = await readManifestFiles([folder], options);
  expect(texts.map(({ text }) => text)).toEqual(['a.yml', 'b.yaml', 'c.json']);
  expect(await refusal([join(folder, 'empty')], noInput, true)).toEqual([
    `${join(folder, 'empty')}: no *.yaml, *.yml or *.json is in this directory`,
  ]);
});
