// SPDX-License-Identifier: Apache-2.0
import type { OutgoingHttpHeaders } from 'node:http';
import type { ClusterOptions } from './cluster.js';
import { redactedUrl } from './redacted-url.js';

/** An exec has its whole command in its URL. */
const longestUrl = 300;
const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie']);

interface LoggedRequest {
  method: string;
  url: string;
  headers: OutgoingHttpHeaders;
}

/**
 * `-v` lines: from 1 on how many requests there were, and at kubectl's levels, 6 a line a request, from 7 on its headers
 * too. Neither bodies nor secrets are ever written.
 */
export class RequestLog {
  readonly #sink: ClusterOptions['log'];
  readonly #counts = new Map<string, number>();

  constructor(sink: ClusterOptions['log']) {
    this.#sink = sink;
  }

  /** One request with its headers, after its answer or its failure. */
  answered({ method, url, headers }: LoggedRequest, outcome: number | 'failed', durationMs: number): void {
    if (this.#sink === undefined) return;
    const kind = /\/exec(?:\?|$)/.test(url) ? 'exec' : method;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    const shown = redactedUrl(url);
    const short = shown.length > longestUrl ? `${shown.slice(0, longestUrl)}...` : shown;
    this.#sink(6, `${method} ${short} ${outcome} in ${Math.round(durationMs)} milliseconds`);
    for (const [name, value] of Object.entries(headers)) {
      const text = secretHeaders.has(name.toLowerCase()) ? '<masked>' : [value].flat().join(', ');
      this.#sink(7, `    ${name}: ${text}`);
    }
  }

  /** After the last one: how many there were, an exec counted as such. */
  total(): void {
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const parts = [...this.#counts].sort().map(([kind, count]) => `${count} ${kind}`);
    if (total > 0) this.#sink?.(1, `${total} API requests: ${parts.join(', ')}`);
    this.#counts.clear();
  }

  note(line: string): void {
    this.#sink?.(4, line);
  }
}
