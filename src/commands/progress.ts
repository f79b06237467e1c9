// SPDX-License-Identifier: Apache-2.0
import type { Ora } from 'ora';
import { plainText } from '../report/plain-text.js';

/** Where a line of progress would be folded, and ora would have to redraw a whole screen of it. */
const leastColumns = 40;
/** A spinner appears only when there is something to wait for. */
const delayMs = 300;

/** Tells on stderr, on a terminal only, how far a run is; silent for the first 300 ms. */
export class Progress {
  #text = '';
  #spinner: Ora | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(enabled: boolean) {
    // ora divides by the width, which a new pseudo terminal has none of, and would then erase lines without end.
    if (enabled && process.stderr.columns >= leastColumns) this.#timer = setTimeout(() => void this.#start(), delayMs);
  }

  async #start(): Promise<void> {
    const { default: ora } = await import('ora');
    // stop() may have come while ora was loading.
    if (this.#timer === undefined) return;
    this.#spinner = ora({ text: this.#text, stream: process.stderr, discardStdin: false }).start();
  }

  update(text: string): void {
    this.#text = text;
    if (this.#spinner !== undefined) this.#spinner.text = text;
  }

  /** A whole line above the spinner. */
  line(text: string): void {
    this.#spinner?.clear();
    process.stderr.write(`${plainText(text)}\n`);
    this.#spinner?.render();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#spinner?.stop();
    this.#spinner = undefined;
  }
}
