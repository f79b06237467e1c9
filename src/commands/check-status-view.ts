// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../model/check.js';
import { renderCheck } from '../report/check/render-check.js';
import { plainText } from '../report/plain-text.js';
import type { RenderOptions } from '../report/render-options.js';
import { LiveLines } from './live-lines.js';
import { terminalOf } from './terminal.js';

/** What a line of its own is about, by what it is told apart from others: agents that are not OK, and findings. */
function troubles({ nodes, findings }: CheckReport): Map<string, string> {
  const agents = nodes.flatMap(({ name, agents: ofNode }) =>
    ofNode
      .filter(({ state }) => state !== 'OK')
      .map(({ network, state, cause }): [string, string] => {
        const why = cause === undefined ? '' : `: ${cause}`;
        return [`${name} ${network} ${state}`, `node ${name} (${network}) is ${state}${why}`];
      }),
  );
  const found = findings.map(({ kind, nodes: where, message }): [string, string] => [
    `${kind} ${where.join(' ')}`,
    message,
  ]);
  return new Map([...agents, ...found]);
}

/** `check status --watch`: on a terminal the table drawn over the one before; elsewhere a line for each change. */
export class CheckStatusView {
  #before: CheckReport | undefined;
  readonly #lines: LiveLines;

  constructor(readonly stream: NodeJS.WriteStream) {
    this.#lines = new LiveLines(stream);
  }

  async show(report: CheckReport, options: RenderOptions): Promise<void> {
    if (this.stream.isTTY) await this.#draw(report, options);
    else this.stream.write(this.#changes(report).join(''));
    this.#before = report;
  }

  #changes(report: CheckReport): string[] {
    const now = troubles(report);
    const before = this.#before === undefined ? new Map<string, string>() : troubles(this.#before);
    const lines = [
      ...(this.#before?.verdict === report.verdict ? [] : [`verdict: ${report.verdict}`]),
      ...[...before].filter(([key]) => !now.has(key)).map(([, text]) => `over: ${text}`),
      ...[...now].filter(([key]) => !before.has(key)).map(([, text]) => text),
    ];
    const at = new Date().toISOString();
    return lines.map((line) => `${at} ${plainText(line)}\n`);
  }

  async #draw(report: CheckReport, options: RenderOptions): Promise<void> {
    const { width, height } = terminalOf(this.stream);
    // The last column is left free: a full line would wrap, and the next redraw would miss it.
    const text = await renderCheck(report, 'table', { ...options, width: width - 1 });
    this.#lines.draw(
      text
        .trimEnd()
        .split('\n')
        .slice(0, height - 1),
    );
  }
}
