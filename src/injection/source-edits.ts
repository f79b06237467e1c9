// SPDX-License-Identifier: Apache-2.0
import { isCollection, isMap, isPair, isScalar, isSeq, stringify, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** Text that takes the place of what stands from one offset to another (exclusive). */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

/** The layout of a text makes an edit of some lines impossible, such as an anchor in the way. */
export class NotEditable extends Error {}

/** The pair of a key, as it is written in this map (not merged into it). */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/**
 * Edits of a YAML or JSON text at the offsets of its parsed nodes: whatever they do not touch keeps its bytes. Block style
 * gets block style; flow style and JSON get JSON, on lines of its own where its neighbours have them.
 */
export class SourceEdits {
  private readonly newline: string;

  constructor(private readonly text: string) {
    this.newline = text.includes('\r\n') ? '\r\n' : '\n';
  }

  /** Adds fields behind those of a map that has some. */
  addFields(map: YAMLMap, fields: Readonly<Record<string, unknown>>, indentLists: boolean): Edit {
    const last = lastOf(map);
    if (map.flow === true) {
      const json = Object.entries(fields).map(([key, value]) => [JSON.stringify(key) + ': ', value] as const);
      return this.addFlow(map, json);
    }
    const column = this.column(startOf(map.items[0]));
    return this.addLines(last, column, stringify(fields, { lineWidth: 0, indentSeq: indentLists }));
  }

  /** Adds an item behind those of a list that has some. */
  addItem(list: YAMLSeq, item: unknown, indentLists: boolean): Edit {
    if (list.flow === true) return this.addFlow(list, [['', item]]);
    const dash = list.range?.[0] ?? cannot();
    const column = this.column(this.text.lastIndexOf('-', startOf(list.items[0])));
    if (this.text[dash] !== '-' || this.column(dash) !== column) cannot();
    return this.addLines(lastOf(list), column, stringify([item], { lineWidth: 0, indentSeq: indentLists }));
  }

  /** Whether a block list stands deeper than its key. */
  isDeeper(list: YAMLSeq, key: unknown): boolean {
    return list.flow !== true && this.column(list.range?.[0] ?? 0) > this.column(startOf(key));
  }

  /** What an empty value is written as. Throws where it says more than that, such as a comment. */
  emptySource(pair: Pair): string {
    const { from, to } = this.valueRange(pair);
    const source = this.text.slice(from, to).trim();
    return /^(\{\s*\}|\[\s*\]|~|null|Null|NULL|)$/.test(source) ? source : cannot();
  }

  /** Writes a value in place of that of a pair. */
  replaceValue(pair: Pair, source: string): Edit {
    const { colon, from, to } = this.valueRange(pair);
    // A block begins on the next line, an empty value directly behind the colon: the place of a value is there.
    const isInPlace = to > from && source !== '' && !this.text.slice(colon, from).includes('\n');
    return isInPlace ? { from, to, text: source } : { from: colon, to, text: source === '' ? '' : ` ${source}` };
  }

  /** Takes one field or item out of a collection that has others. */
  remove(collection: YAMLMap | YAMLSeq, index: number): Edit {
    const items: readonly unknown[] = collection.items;
    const from = startOf(items[index]);
    const to = this.endOf(items[index]);
    if (collection.flow === true) {
      if (index > 0) return { from: this.endOf(items[index - 1]), to, text: '' };
      return { from, to: startOf(items[1]), text: '' };
    }
    const line = this.text.lastIndexOf('\n', from - 1) + 1;
    const lead = this.text.slice(line, from);
    if (!(isSeq(collection) ? /^ *- +$/ : /^ *$/).test(lead)) cannot();
    const before = this.text[line - 2] === '\r' ? line - 2 : line - 1;
    return { from: Math.max(0, before), to: this.lineEnd(to), text: '' };
  }

  private addLines(last: unknown, column: number, block: string): Edit {
    let at = this.lineEnd(this.endOf(last));
    // Comments that are indented deeper belong to what stands above them.
    for (;;) {
      const next = /^\r?\n( *)#[^\r\n]*/.exec(this.text.slice(at));
      if (next?.[1] === undefined || next[1].length <= column) break;
      at += next[0].length;
    }
    const lines = block.trimEnd().split('\n');
    const text = lines.map((line) => this.newline + ' '.repeat(column) + line).join('');
    return { from: at, to: at, text };
  }

  private addFlow(collection: YAMLMap | YAMLSeq, added: readonly (readonly [string, unknown])[]): Edit {
    const last = lastOf(collection);
    const at = this.endOf(last);
    const lead = this.lineLead(startOf(last));
    if (lead.trim() !== '') {
      return { from: at, to: at, text: added.map(([key, value]) => `, ${key}${JSON.stringify(value)}`).join('') };
    }
    const outer = /^ */.exec(this.lineLead(collection.range?.[0] ?? 0))?.[0].length ?? 0;
    const step = Math.max(1, lead.length - outer);
    const lines = added.map(([key, value]) => {
      const pretty = JSON.stringify(value, null, step)
        .split('\n')
        .join(this.newline + lead);
      return `,${this.newline}${lead}${key}${pretty}`;
    });
    return { from: at, to: at, text: lines.join('') };
  }

  /** Where a value is written, and the place behind its colon. */
  private valueRange(pair: Pair): { colon: number; from: number; to: number } {
    const colon = this.text.indexOf(':', keyEnd(pair)) + 1;
    const source = isScalar(pair.value) && pair.value.value === null ? (pair.value.source ?? '') : undefined;
    const hasValue = pair.value !== null && source !== '';
    const from = hasValue ? startOf(pair.value) : colon;
    return { colon, from, to: hasValue ? this.endOf(pair.value) : colon };
  }

  /** Behind the last character of a node that says something: a block's own end may lie behind comments. */
  private endOf(node: unknown): number {
    if (isPair(node)) {
      const { colon, from, to } = this.valueRange(node);
      if (!isCollection(node.value) || from < colon) return Math.max(colon, to);
      return this.endOf(node.value);
    }
    if (isCollection(node) && node.flow !== true && node.items.length > 0) return this.endOf(node.items.at(-1));
    let end = rangeOf(node)[1];
    while (/[\r\n]/.test(this.text[end - 1] ?? '')) end -= 1;
    return end;
  }

  private lineEnd(offset: number): number {
    const newline = this.text.indexOf('\n', offset);
    if (newline === -1) return this.text.length;
    return this.text[newline - 1] === '\r' && newline > offset ? newline - 1 : newline;
  }

  private lineLead(offset: number): string {
    return this.text.slice(this.text.lastIndexOf('\n', offset - 1) + 1, offset);
  }

  private column(offset: number): number {
    return offset - (this.text.lastIndexOf('\n', offset - 1) + 1);
  }
}

/** The edits of one text, which must not overlap, done. */
export function edited(text: string, edits: readonly Edit[]): string {
  const backwards = [...edits].sort((one, other) => other.from - one.from);
  return backwards.reduce((done, { from, to, text: piece }) => done.slice(0, from) + piece + done.slice(to), text);
}

export function cannot(): never {
  throw new NotEditable();
}

function lastOf(collection: YAMLMap | YAMLSeq): unknown {
  return collection.items.at(-1) ?? cannot();
}

function startOf(node: unknown): number {
  return rangeOf(isPair(node) ? node.key : node)[0];
}

function keyEnd(pair: Pair): number {
  return rangeOf(pair.key)[1];
}

function rangeOf(node: unknown): readonly [number, number, number] {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return cannot();
  const [start, valueEnd, end] = node.range as unknown[];
  if (typeof start !== 'number' || typeof valueEnd !== 'number' || typeof end !== 'number') return cannot();
  return [start, valueEnd, end];
}

/** A map that is written here, not an alias of one. */
export function mapOf(node: unknown): YAMLMap {
  return isMap(node) ? node : cannot();
}
