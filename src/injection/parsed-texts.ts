// SPDX-License-Identifier: Apache-2.0
import { isMap, isSeq, parseAllDocuments, type YAMLMap } from 'yaml';
import { Failure } from '../errors/failure.js';
import { parseYaml } from '../manifests/yaml-text.js';
import { isObject, listItems, nameOf, templatePath, valueAt, type JsonObject } from './pod-template.js';
import { mapOf, NotEditable, pairOf, SourceEdits } from './source-edits.js';

/** One workload of a text: its nodes, its value, and what writes beside them. */
export interface FoundWorkload {
  name: string;
  object: JsonObject;
  template: YAMLMap;
  templateValue: JsonObject;
  edits: SourceEdits;
}

/** As manifests are read (src/manifests/yaml-text.ts). */
const reading = {
  schema: 'core',
  merge: true,
  stringKeys: true,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Texts that were parsed: each is looked at several times, and parsing is nearly all of the work. */
export class ParsedTexts {
  readonly #known = new Map<string, { values: unknown[]; workloads: FoundWorkload[] }>();

  /** The documents of a text as values. */
  values(text: string): readonly unknown[] {
    return this.#parsed(text).values;
  }

  workloads(text: string): readonly FoundWorkload[] {
    return this.#parsed(text).workloads;
  }

  #parsed(text: string) {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    // Faults, and aliases and depths that no manifest has, are refused before anything else looks at the text that was given.
    if (this.#known.size === 0) refuseUnreadable(text);
    const documents = parseAllDocuments(text, reading);
    const edits = new SourceEdits(text);
    const read = ('empty' in documents ? [] : documents).map((document) => {
      const value: unknown = document.toJS({ maxAliasCount: -1 });
      return { value, workloads: workloadsIn(document.contents, value, edits) };
    });
    const parsed = { values: read.map(({ value }) => value), workloads: read.flatMap(({ workloads }) => workloads) };
    this.#known.set(text, parsed);
    return parsed;
  }
}

function refuseUnreadable(text: string): void {
  const [fault] = parseYaml(text.replace(/^\uFEFF/, '')).faults;
  if (fault !== undefined) throw new Failure('usage', `line ${fault.line}: ${fault.text}`, { hint: fault.hint });
}

function workloadsIn(node: unknown, value: unknown, edits: SourceEdits): FoundWorkload[] {
  const items = listItems(value);
  if (items !== undefined && isMap(node)) {
    const list = pairOf(node, 'items')?.value;
    return items.flatMap((item, index) => workloadsIn(isSeq(list) ? list.items[index] : undefined, item, edits));
  }
  const path = templatePath(value);
  if (path === undefined || !isObject(value)) return [];
  const name = nameOf(value);
  const templateValue = valueAt(value, path);
  if (!isObject(templateValue)) throw new Failure('usage', `${name} has no pod spec`);
  try {
    const template = path.reduce((map, key) => mapOf(pairOf(map, key)?.value), mapOf(node));
    return [{ name, object: value, template, templateValue, edits }];
  } catch (thrown) {
    if (thrown instanceof NotEditable) throw notEditable(name);
    throw thrown;
  }
}

/** What is said where lines of a text cannot be edited alone. */
export function notEditable(name: string): Failure {
  return new Failure('usage', `${name} cannot be changed without writing all of the text anew`, {
    hint: 'write the pod template without aliases, merges and comments in empty brackets, or inject the live object',
  });
}
