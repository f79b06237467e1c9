// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify, type Document } from 'yaml';
import { injectText, uninjectText } from '../../../src/injection/piped-yaml.js';
import { injectWorkload } from '../../../src/injection/inject.js';
import { options, workloads } from './templates.js';
import { texts } from './texts.js';

const valueOf = (document: Pick<Document, 'toJS'>): unknown => document.toJS();
const cases = Object.entries(texts);

describe('injectText', () => {
  it.each(cases)('is undone to the byte in a text %s', (_name, text) => {
    const { text: injected, changed } = injectText(text, options);
    expect(injected).not.toBe(text);
    expect(changed).not.toHaveLength(0);
    expect(uninjectText(injected).text).toBe(text);
  });

  it.each(cases)('leaves every line that says something in a text %s', (name, text) => {
    const { text: injected } = injectText(text, options);
    if (name === 'in flow style') return;
    const kept = text.split('\n').filter((line) => !/annotations|initContainers|volumes|[\]}]\r?$/.test(line));
    const after = injected.split('\n').map((line) => line.trimEnd());
    for (const line of kept) expect(after).toContain(line.trimEnd());
  });

  it.each(cases)('does the same twice in a text %s', (_name, text) => {
    const once = injectText(text, options).text;
    expect(injectText(once, options).text).toBe(once);
    const plain = { ...options, pingPort: 7000 };
    expect(injectText(once, plain).text).toBe(injectText(text, plain).text);
  });

  it('writes lines as those beside them', () => {
    const { text } = injectText(texts['written by hand'] ?? '', options);
    expect(text).toContain(
      '                team: shop # ours\n                netprober-container-deployed: "true"\n        spec:\n',
    );
    expect(text).toContain('            volumes:\n              - name: net-prober-vol\n                configMap:\n');
  });

  const layouts: Record<string, (workload: unknown) => string> = {
    YAML: (workload) => stringify(workload),
    'YAML of kubectl': (workload) => stringify(workload, { indentSeq: false, lineWidth: 0 }),
    'deep YAML with CRLF': (workload) => stringify(workload, { indent: 4 }).replaceAll('\n', '\r\n'),
    'YAML with comments and no last newline': (workload) =>
      stringify(workload).trimEnd().replaceAll(/:$/gm, ': # here\n\n   # and below'),
    'flow style': (workload) => stringify(workload, { collectionStyle: 'flow' }),
    'JSON on a line': (workload) => JSON.stringify(workload),
    'JSON on lines': (workload) => JSON.stringify(workload, null, 3),
  };

  it.each(Object.entries(layouts))('is undone to the byte for any workload as %s', (_name, layout) => {
    fc.assert(
      fc.property(workloads, (workload) => {
        const text = layout(workload);
        const { text: injected } = injectText(text, options);
        expect(uninjectText(injected).text).toBe(text);
        if (injected.includes('before-injection')) return;
        const values = parseAllDocuments(injected).map(valueOf);
        expect(values).toStrictEqual([injectWorkload(workload, options)]);
      }),
    );
  });

  it('takes its part out of what kubectl has sorted', () => {
    const sorted = (text: string) =>
      parseAllDocuments(text).map((document) =>
        stringify(valueOf(document), { sortMapEntries: true, indentSeq: false }),
      )[0] ?? '';
    const before = sorted(texts['of kubectl'] ?? '');
    expect(uninjectText(sorted(injectText(before, options).text)).text).toBe(before);
  });

  it('passes a text without workloads', () => {
    const text = '# nothing\n---\napiVersion: v1\nkind: ConfigMap\n';
    expect(injectText(text, options)).toStrictEqual({ text, changed: [], namespaces: [] });
    expect(injectText('', options).text).toBe('');
  });

  it.each([
    [
      'a template behind an alias',
      'apiVersion: v1\nkind: List\nitems:\n- &p\n  apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: {containers: [{name: a}]}\n- *p\n',
    ],
    [
      'containers behind a merge',
      'x: &x\n  containers: [{name: a}]\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  <<: *x\n  dnsPolicy: Default\n',
    ],
  ])('refuses %s', (_what, text) => {
    expect(() => injectText(text, { ...options, native: false })).toThrow('cannot be changed without');
  });

  it('refuses what is no YAML', () => {
    expect(() => injectText('a: [', options)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
