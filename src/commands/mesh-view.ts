// SPDX-License-Identifier: Apache-2.0
import type { MeshReport } from '../model/mesh.js';
import { meshChanges } from '../report/mesh/changes.js';
import { renderMeshTable } from '../report/mesh/mesh.js';
import { summaryLines } from '../report/mesh/summary.js';
import type { MeshTableOptions } from '../report/mesh/table-options.js';
import { plainText } from '../report/plain-text.js';
import { wrapWords } from '../report/text-width.js';
import { LiveLines } from './live-lines.js';
import { terminalOf } from './terminal.js';

/** `mesh --watch`: on a terminal the matrix drawn over the one before; elsewhere a line for each change. */
export class MeshView {
  #before: MeshReport | undefined;
  readonly #lines: LiveLines;

  constructor(readonly stream: NodeJS.WriteStream) {
    this.#lines = new LiveLines(stream);
  }

  show(report: MeshReport, notes: readonly string[], options: Omit<MeshTableOptions, 'sinceMs'>): void {
    if (this.stream.isTTY) this.#draw(report, notes, options);
    else this.#append(report, options);
    this.#before = report;
  }

  #append(report: MeshReport, options: Omit<MeshTableOptions, 'sinceMs'>): void {
    const first = this.#before === undefined ? summaryLines(report, options) : [];
    const changes = meshChanges(this.#before, report, options);
    this.stream.write([...first, ...changes].map((line) => `${line}\n`).join(''));
  }

  #draw(report: MeshReport, notes: readonly string[], options: Omit<MeshTableOptions, 'sinceMs'>): void {
    const { width, height } = terminalOf(this.stream);
    // The last column is left free: a full line would wrap, and the next redraw would miss it.
    const table = renderMeshTable(report, { ...options, width: width - 1 }, report.sinceMs);
    const texts = [...notes.map((note) => `Note: ${plainText(note)}`), ...summaryLines(report, options)];
    const below = texts.flatMap((text) => wrapWords(text.split(' '), width - 1));
    const room = Math.max(1, height - 1 - below.length);
    this.#lines.draw([...table.trimEnd().split('\n').slice(0, room), ...below].slice(0, height - 1));
  }
}
