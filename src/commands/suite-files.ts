// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { Failure } from '../errors/failure.js';
import { readManifestFiles } from '../manifests/manifest-files.js';
import { readSuites, type Suites } from '../suites/read-suites.js';

/** Which files are read and with which values, as they were parsed. */
export interface SuiteFileFlags {
  filename?: string[] | undefined;
  recursive?: boolean | undefined;
  set?: string[] | undefined;
}

/** The words of `--set`. Throws Failure `usage` for one without a name or given twice. */
export function parseSet(words: readonly string[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const word of words) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined) {
      throw new Failure('usage', `invalid value "${word}" for --set`, { hint: 'write --set NAME=VALUE' });
    }
    if (values.has(name)) throw new Failure('usage', `--set ${name} is given twice`);
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

/** Files are named by `-f`, as in kubectl. Throws Failure `usage` for words without a flag. */
export function refuseWords(words: readonly string[], command: 'run' | 'validate'): void {
  const [word] = words;
  if (word === undefined) return;
  throw new Failure('usage', `unexpected argument: ${word}`, { hint: `kubectl netmachinery ${command} -f ${word}` });
}

/** What the files behind `-f` ask for. Throws Failure `usage` with everything that is wrong in them. */
export async function readSuiteFiles(
  { filename: names = [], recursive, set = [] }: SuiteFileFlags,
  command: 'run' | 'validate',
): Promise<Suites> {
  if (names.length === 0) {
    throw new Failure('usage', 'no file was given', { hint: `kubectl netmachinery ${command} -f FILE` });
  }
  const values = parseSet(set);
  const options = { readStandardInput: () => buffer(process.stdin), command, recursive: recursive === true };
  const { texts, warnings } = await readManifestFiles(names, options);
  const read = readSuites(texts, { set: values, environment: process.env });
  return { ...read, warnings: [...warnings, ...read.warnings] };
}
