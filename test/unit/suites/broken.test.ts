// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readSuites } from '../../../src/suites/read-suites.js';
import { brokenFiles } from './broken-files.js';
import { wrongs } from './suites.js';

describe('broken files', () => {
  it('are at least thirty', () => {
    expect(brokenFiles.length).toBeGreaterThanOrEqual(30);
  });

  it.each(brokenFiles)('$name', async ({ name, text }) => {
    const lines = wrongs(() => readSuites([{ name: `${name}.yaml`, text }], { set: {}, environment: {} }));
    expect(lines.length).toBeGreaterThan(0);
    // `vitest -u` writes what is said now; look at it before it is committed.
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`broken/${name}.expected`);
  });

  it('all of them at once, in their order', () => {
    const texts = brokenFiles.map(({ name, text }) => ({ name: `${name}.yaml`, text }));
    const lines = wrongs(() => readSuites(texts, { set: {}, environment: {} }));
    expect(lines).toEqual(brokenFiles.flatMap(({ expected }) => expected));
  });
});
