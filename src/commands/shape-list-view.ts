// SPDX-License-Identifier: Apache-2.0
import type { ShapeListItem } from '../model/shaping.js';
import { changedItems, renderShapes, type ShapeListRenderOptions } from '../report/shape-list.js';
import { terminalOf } from './terminal.js';

/** `shape list --watch`: on a terminal the list drawn over the one before; elsewhere a line for each change. */
export class ShapeListView {
  #before: readonly ShapeListItem[] = [];
  #drawn = 0;
  #hasHeader = false;

  constructor(readonly stream: NodeJS.WriteStream) {}

  show(items: readonly ShapeListItem[], options: ShapeListRenderOptions): void {
    if (this.stream.isTTY) this.#draw(items, options);
    else this.#append(items, options);
    this.#before = items;
  }

  #append(items: readonly ShapeListItem[], options: ShapeListRenderOptions): void {
    const changed = changedItems(this.#before, items);
    this.stream.write(renderShapes(changed, { ...options, headers: options.headers && !this.#hasHeader }));
    this.#hasHeader ||= changed.length > 0;
  }

  #draw(items: readonly ShapeListItem[], options: ShapeListRenderOptions): void {
    const { width, height } = terminalOf(this.stream);
    // The last column is left free: a full line would wrap, and the next redraw would miss it.
    const text = renderShapes(items, { ...options, wide: false, width: width - 1 });
    const lines = items.length === 0 ? ['No shapes.'] : text.trimEnd().split('\n');
    const fitting = lines.slice(0, height - 1);
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    this.stream.write(`${up}\r\u001b[J${fitting.map((line) => `${line}\n`).join('')}`);
    this.#drawn = fitting.length;
  }
}
