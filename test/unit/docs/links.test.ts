// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, projectRoot } from './documents.js';
import { anchors, relativeLinks } from './links.js';

/** Those of a document's links that lead to no file, or to no heading of one. */
function brokenLinks(path: string, text: string): string[] {
  return relativeLinks(text).filter((link) => {
    const [file = '', anchor] = link.split('#', 2);
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(projectRoot, target))) return true;
    return anchor !== undefined && !anchors(readFileSync(join(projectRoot, target), 'utf8')).has(anchor);
  });
}

describe('links in documents', () => {
  it.each(documents())('lead somewhere: $path', ({ path, text }) => {
    expect(brokenLinks(path, text)).toEqual([]);
  });

  it('lead from the README to every page', () => {
    const readme = documents().find(({ path }) => path === 'README.md')?.text ?? '';
    const linked = new Set(['README.md', ...relativeLinks(readme).map((link) => link.replace(/#.*$/, ''))]);
    const pages = documents().map(({ path }) => path);
    expect(pages.filter((path) => !linked.has(path))).toEqual([]);
  });

  it('are found broken where they are', () => {
    const text =
      '# A b, `c`!\n[x](#a-b-c) [x](#nowhere) [x](docs/nowhere.md) [x](docs/suites.md#matrix) [x](docs/suites.md#x)';
    expect(anchors(text)).toEqual(new Set(['a-b-c']));
    expect(relativeLinks(text)).toHaveLength(5);
    expect(brokenLinks('README.md', text)).toEqual(['#a-b-c', '#nowhere', 'docs/nowhere.md', 'docs/suites.md#x']);
  });

  it('in code are none', () => {
    expect(relativeLinks('`[a](b)`\n```\n[a](b)\n```\n[a](https://example.com/b)')).toEqual([]);
  });
});
