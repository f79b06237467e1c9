// SPDX-License-Identifier: Apache-2.0
import { emptyWatch, liveLine, watchLines, watchSample, type LiveSample, type WatchState } from '../report/live.js';
import { LiveLines } from './live-lines.js';
import { terminalOf } from './terminal.js';

const redrawMs = 100;

/**
 * `ping --watch` on stderr: on a terminal one line a pair, drawn over the view before; elsewhere one line a sample, so
 * that nothing is lost in a log.
 */
export class WatchView {
  #state: WatchState = emptyWatch;
  #timer: NodeJS.Timeout | undefined;
  readonly #lines: LiveLines;

  constructor(
    readonly stream: NodeJS.WriteStream,
    readonly color: boolean,
  ) {
    this.#lines = new LiveLines(stream);
  }

  sample(sample: LiveSample): void {
    if (!this.stream.isTTY) {
      this.stream.write(`${liveLine(sample, { width: Number.POSITIVE_INFINITY, color: this.color })}\n`);
      return;
    }
    this.#state = watchSample(this.#state, sample);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, redrawMs);
  }

  #draw(): void {
    const { width, height } = terminalOf(this.stream);
    // The last column is left free: a full line would wrap, and the next redraw would miss it.
    const lines = watchLines(this.#state, { width: width - 1, height: height - 1, color: this.color });
    this.#lines.draw(lines);
  }

  /** Draws what is pending and leaves the view standing. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draw();
  }
}
