// SPDX-License-Identifier: Apache-2.0

/** Lines on a terminal that are drawn over themselves. */
export class LiveLines {
  #drawn = 0;

  constructor(readonly stream: NodeJS.WriteStream) {}

  /** `above` stays and scrolls away; `lines` are drawn over the next time. No line may be as wide as the terminal: it would wrap. */
  draw(lines: readonly string[], above: readonly string[] = []): void {
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    this.stream.write(`${up}\r\u001b[J${[...above, ...lines].map((line) => `${line}\n`).join('')}`);
    this.#drawn = lines.length;
  }
}
