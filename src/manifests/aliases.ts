// SPDX-License-Identifier: Apache-2.0
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Scalar,
  type Alias,
  type Document,
  type Node,
} from 'yaml';
import { quote } from '../targets/quote.js';
import { noted } from './noted.js';

/** Something wrong at an offset of the text. */
export interface Fault {
  offset: number;
  text: string;
  hint?: string | undefined;
}

/** How many values aliases may stand for altogether: a few lines can stand for more than any memory holds. */
const maxValues = 200_000;

interface Anchor {
  node: Node;
  /** How many values it stands for; undefined while it is not at its end. */
  size: number | undefined;
}

/**
 * Aliases without an anchor or within it, and merges of what is no object: each is noted and its place taken by `noted`, so
 * that the rest can be read. `lost` are the anchors that went with what was left out: of their aliases nothing is told.
 * Aliases that stand for as many values as only an attack has make the document unreadable.
 */
export function repairAliases(
  document: Document.Parsed,
  lost: ReadonlySet<string>,
): { faults: Fault[]; isReadable: boolean } {
  const walk = new AliasWalk(lost);
  const contents: Node | null = document.contents;
  const size = walk.child(contents, (standIn) => {
    document.contents = standIn as unknown as typeof document.contents;
  });
  // Without an alias a text stands for itself alone, however long it is.
  if (size <= maxValues || walk.anchors.size === 0) return { faults: walk.faults, isReadable: true };
  const tooMany = { offset: document.range[0], text: 'its aliases stand for too many values' };
  return { faults: [...walk.faults, tooMany], isReadable: false };
}

class AliasWalk {
  readonly faults: Fault[] = [];
  readonly anchors = new Map<string, Anchor>();

  constructor(private readonly lost: ReadonlySet<string>) {}

  /** How many values a node stands for. An alias that stands for none is replaced. */
  child(node: unknown, replace: (standIn: Scalar) => void): number {
    if (!isAlias(node)) return this.size(node);
    const size = this.aliasSize(node);
    if (size === undefined) replace(standInFor(node));
    return size ?? 1;
  }

  private aliasSize({ source, range }: Alias): number | undefined {
    const anchor = this.anchors.get(source);
    const offset = range?.[0] ?? 0;
    if (anchor !== undefined && anchor.size === undefined) {
      this.faults.push({ offset, text: `${quote(`*${source}`)} stands within itself` });
    } else if (anchor === undefined && !this.lost.has(source)) {
      this.faults.push({ offset, text: `no anchor ${quote(`&${source}`)} before this alias` });
    }
    return anchor?.size;
  }

  private size(node: unknown): number {
    const { anchor: name } = (node ?? {}) as { anchor?: string };
    const anchor: Anchor = { node: node as Node, size: undefined };
    if (name !== undefined) this.anchors.set(name, anchor);
    const items: unknown[] = isCollection(node) ? node.items : [];
    const total = items.reduce<number>(
      (sum, item, index) => Math.min(sum + this.itemSize(item, items, index), maxValues + 1),
      1,
    );
    anchor.size = total;
    return total;
  }

  private itemSize(item: unknown, items: unknown[], index: number): number {
    if (!isPair(item)) return this.child(item, (standIn) => (items[index] = standIn));
    const key = this.size(item.key);
    const value = this.child(item.value, (standIn) => (item.value = standIn));
    if (isScalar(item.key) && item.key.value === '<<' && !this.isMergeable(item.value)) {
      if (!this.isNoted(item.value)) {
        const offset = item.key.range?.[0] ?? 0;
        this.faults.push({ offset, text: '<< merges an object or a list of them, and nothing else' });
      }
      // In quotes it is a name like any other, by which `Fields` knows that it may have any field.
      item.key.type = Scalar.QUOTE_DOUBLE;
      item.value = new Scalar(noted);
    }
    return key + value;
  }

  private resolved(node: unknown): unknown {
    return isAlias(node) ? this.anchors.get(node.source)?.node : node;
  }

  private isMergeable(value: unknown): boolean {
    const merged = this.resolved(value);
    return isMap(merged) || (isSeq(merged) && merged.items.every((item) => isMap(this.resolved(item))));
  }

  private isNoted(value: unknown): boolean {
    const merged = this.resolved(value);
    const isOne = (node: unknown) => isScalar(node) && node.value === noted;
    return isOne(merged) || (isSeq(merged) && merged.items.some((item) => isOne(this.resolved(item))));
  }
}

function standInFor({ range }: Alias): Scalar {
  const standIn = new Scalar(noted);
  standIn.range = range ?? null;
  return standIn;
}
