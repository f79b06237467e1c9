// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { injectWorkload } from '../../../src/injection/inject.js';
import { injectText, uninjectText } from '../../../src/injection/piped-yaml.js';
import { options } from './templates.js';

/** Written by the test cluster's kubectl 1.34 (`get`, `create --dry-run=client`, `run`), and as Helm prints a chart. */
const folder = join(import.meta.dirname, 'recordings');
const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const valuesOf = (text: string): unknown[] => {
  const documents = parseAllDocuments(text);
  return 'empty' in documents ? [] : documents.map((document): unknown => document.toJS());
};

/** Without our note of how something empty was written. */
const withoutNote = (values: unknown) =>
  JSON.stringify(values, (key, value: unknown) => (key === 'netmachinery.io/before-injection' ? undefined : value));

describe('recorded workloads', () => {
  it.each(files)('%s is injected as its object is, and undone to the byte', (name, text) => {
    const { text: injected, changed } = injectText(text, options);
    expect(changed).not.toHaveLength(0);
    expect(withoutNote(valuesOf(injected))).toBe(
      withoutNote(valuesOf(text).map((each) => injectWorkload(each, options))),
    );
    expect(uninjectText(injected)).toMatchObject({ text, changed });
    if (name !== 'get-list.yaml') return;
    expect(changed.map((each) => each.split('/')[0])).toEqual(
      expect.arrayContaining(['deployment', 'statefulset', 'daemonset', 'cronjob', 'pod']),
    );
  });

  it('keeps every line of a chart, comments and empty lines among them', () => {
    const text = files.find(([name]) => name === 'helm-chart.yaml')?.[1] ?? '';
    const injected = injectText(text, options).text.split('\n');
    let at = 0;
    for (const line of text.split('\n')) {
      at = injected.indexOf(line, at) + 1;
      expect(at, line).toBeGreaterThan(0);
    }
  });
});
