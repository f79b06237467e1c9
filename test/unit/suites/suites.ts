// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { expect } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { readSuites, type Suites } from '../../../src/suites/read-suites.js';
import type { SuiteTest } from '../../../src/suites/suite.js';

const root = join(import.meta.dirname, '../../..');

/** Every example file, by its name from `examples/`. */
export const exampleFiles: Record<string, string> = Object.fromEntries(
  readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => [name, readFileSync(join(root, 'examples', name), 'utf8')]),
);

/** What a file of this text asks for. */
export function read(text: string, set: Record<string, string> = {}, environment: NodeJS.ProcessEnv = {}): Suites {
  return readSuites([{ name: 'f.yaml', text }], { set, environment });
}

/** Every line of what is wrong, hints included. */
export function wrongs(act: () => unknown): string[] {
  try {
    act();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Failure);
    const { code, message, hint, remedy } = thrown as Failure;
    expect(code).toBe('usage');
    return remedy?.split('\n') ?? [hint === undefined ? message : `${message} (${hint})`];
  }
  return [];
}

/** A NetworkTest with this specification. */
export function networkTest(spec: object, metadata: object = { name: 'suite' }): string {
  const manifest = { apiVersion: 'netmachinery.io/v1', kind: 'NetworkTest', metadata, spec };
  return dump(manifest, { noRefs: true, skipInvalid: true });
}

/** The one test of a NetworkTest, whose fields are these beside a name, a source and a destination. */
export function oneTest(fields: object): SuiteTest {
  const test = { name: 'one', from: 'deploy/web', to: 'svc/api:80', ...fields };
  const [only] = read(networkTest({ tests: [test] })).suites[0]?.tests ?? [];
  if (only === undefined) throw new Error('no test was read');
  return only;
}
