// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes files of tests into a folder of their own and returns their paths; `remove` takes them away. */
export class SuiteFiles {
  private constructor(readonly folder: string) {}

  static async create(): Promise<SuiteFiles> {
    return new SuiteFiles(await mkdtemp(join(tmpdir(), 'netmachinery-suites-')));
  }

  async write(name: string, content: string | object): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  /** A NetworkTest of these tests, with words of a namespace. */
  networkTest(namespace: string, tests: object[], spec: object = {}): Promise<string> {
    return this.write(`${tests.length}-${Math.random().toString(36).slice(2)}.yaml`, {
      apiVersion: 'netmachinery.io/v1',
      kind: 'NetworkTest',
      metadata: { name: 'suite', namespace },
      spec: { ...spec, tests },
    });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
