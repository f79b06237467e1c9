// SPDX-License-Identifier: Apache-2.0
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AgentReport } from '../../model/check.js';
import { readReport } from './read-report.js';

/** The last reports of one agent, each a tenth as large as it came: a server holds those of a thousand. */
export class Rounds {
  private packed: Buffer[] = [];

  /** `most`: how many are kept from now on. */
  add(body: string, most: number): void {
    this.packed = [...this.packed, deflateRawSync(body, { level: 1, memLevel: 5 })].slice(-most);
  }

  /** Newest last. */
  reports(): AgentReport[] {
    return this.packed.map((packed) => readReport(inflateRawSync(packed).toString()));
  }

  newest(): AgentReport | undefined {
    const packed = this.packed.at(-1);
    return packed === undefined ? undefined : readReport(inflateRawSync(packed).toString());
  }
}
