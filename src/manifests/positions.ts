// SPDX-License-Identifier: Apache-2.0
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';

/** Both count from 1, as editors do. */
export interface Position {
  line: number;
  column: number;
}

/** Names of fields and numbers of items, from the outside. */
export type Path = readonly (string | number)[];

/** Where the value of a path stands: its key, or the item itself; for what is absent, what it would stand in. */
export type Locate = (path: Path) => Position;

/** The places of one YAML document. Looked up only when asked for: most are never named. */
export function locator(document: Document.Parsed, lines: LineCounter): Locate {
  return (path) => {
    let node: unknown = document.contents;
    let offset = startOf(node) ?? document.range[0];
    for (const step of path) {
      const child = childOf(resolved(node, document), step, document);
      if (child === undefined) break;
      node = child.value;
      offset = startOf(child.marker) ?? offset;
    }
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function resolved(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function childOf(
  node: unknown,
  step: string | number,
  document: Document.Parsed,
): { value: unknown; marker: unknown } | undefined {
  if (isSeq(node) && typeof step === 'number') return { value: node.items[step], marker: node.items[step] };
  if (!isMap(node)) return undefined;
  const own = node.items.find(({ key }) => keyOf(key) === String(step));
  if (own !== undefined) return { value: own.value, marker: own.key };
  return mergedChild(node.items, step, document);
}

/** A field that `<<` brings in stands where it was written. */
function mergedChild(pairs: readonly Pair[], step: string | number, document: Document.Parsed) {
  const merged = pairs.filter(({ key }) => keyOf(key) === '<<').map(({ value }) => resolved(value, document));
  for (const source of merged.flatMap((node) => (isSeq(node) ? node.items : [node]))) {
    const child = childOf(resolved(source, document), step, document);
    if (child !== undefined) return child;
  }
  return undefined;
}

function keyOf(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
