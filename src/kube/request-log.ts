// SPDX-License-Identifier: Apache-2.0
import type { OutgoingHttpHeaders } from 'node:http';
import type { ClusterOptions } from './cluster.js';

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** `-v` lines at kubectl's levels: 6 a line a request, 7 its headers too. Neither bodies nor secrets are ever written. */
export class RequestLog {
  readonly #sink: ClusterOptions['log'];

  constructor(sink: ClusterOptions['log']) {
    this.#sink = sink;
  }

  answered(method: string, url: string, status: number, durationMs: number): void {
    this.#sink?.(6, `${method} ${url} ${status} in ${Math.round(durationMs)} milliseconds`);
  }

  headers(headers: OutgoingHttpHeaders): void {
    if (this.#sink === undefined) return;
    for (const [name, value] of Object.entries(headers)) {
      const shown = secretHeaders.has(name.toLowerCase()) ? '<masked>' : [value].flat().join(', ');
      this.#sink(7, `    ${name}: ${shown}`);
    }
  }

  note(line: string): void {
    this.#sink?.(4, line);
  }
}
