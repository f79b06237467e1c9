// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../model/report.js';
import { plainText } from '../report/plain-text.js';
import { emptyProgress, madeLine, progressLines, progressWith, type SuiteProgress } from '../report/suite-progress.js';
import { LiveLines } from './live-lines.js';
import type { RunDisplay } from './probe-command.js';
import { terminalOf } from './terminal.js';

const redrawMs = 100;

/** How far a run of suites is, on stderr: on a terminal a line a source, drawn over itself; elsewhere a line a test. */
export class SuiteView implements RunDisplay {
  #progress: SuiteProgress = new Map();
  #above: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #lines: LiveLines;

  constructor(
    readonly stream: NodeJS.WriteStream,
    readonly color: boolean,
  ) {
    this.#lines = new LiveLines(stream);
  }

  /** What is being done shows in the lines. */
  update(): void {
    return undefined;
  }

  planned(sources: readonly Result['source'][]): void {
    this.#progress = emptyProgress(sources);
    this.#drawSoon();
  }

  made(suite: string, test: string, results: readonly Result[]): void {
    if (!this.stream.isTTY) {
      this.stream.write(`${madeLine(suite, test, results, this.color)}\n`);
      return;
    }
    this.#progress = progressWith(this.#progress, results);
    this.#drawSoon();
  }

  /** A whole line, above the view. */
  line(text: string): void {
    if (!this.stream.isTTY) {
      this.stream.write(`${plainText(text)}\n`);
      return;
    }
    this.#above.push(plainText(text));
    this.#draw();
  }

  #drawSoon(): void {
    if (!this.stream.isTTY) return;
    this.#timer ??= setTimeout(() => this.#draw(), redrawMs);
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { width, height } = terminalOf(this.stream);
    const lines =
      this.#progress.size === 0
        ? []
        : progressLines(this.#progress, { width: width - 1, height: height - 1, color: this.color });
    this.#lines.draw(lines, this.#above);
    this.#above = [];
  }

  /** Takes the view away: the report says it all. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.stream.isTTY) this.#lines.draw([], this.#above);
    this.#above = [];
  }
}
