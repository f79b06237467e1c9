// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import type { CheckFailure } from '../../../model/check.js';
import { probeLimitMs, rounded, type ProbeResult } from './probe-result.js';

/** Milliseconds between two echo requests of one fping (its `-i`): the least that it takes from those who are not root. */
const intervalMs = 1;
const attempts = 3;
/** What fping may take to start and end on a busy machine. */
const slackMs = 2000;

/** Without a source fping 5.1 hears nothing on an unprivileged socket (its issue 248). */
const anySource = ['-S', '0.0.0.0', '-S', '::'];

/** What a line of fping tells of an address. */
export type FpingLine = { address: string } & ({ ms: number } | { failure: CheckFailure; detail?: string });

/**
 * Up to three echo requests to each address, one a second, until it answers; by one process. `bytes` of data go with each, and with
 * `whole` none may be fragmented. Addresses of which fping says nothing are missing in the result. Never rejects.
 */
export function fping(
  addresses: readonly string[],
  { bytes, whole }: { bytes?: number; whole?: boolean } = {},
): Promise<Map<string, ProbeResult>> {
  const lines = new FpingLines();
  if (addresses.length === 0) return Promise.resolve(lines.results);
  const times = [
    '-t',
    String(probeLimitMs / attempts),
    '-r',
    String(attempts - 1),
    '-B',
    '1',
    '-i',
    String(intervalMs),
  ];
  const packets = [...(bytes === undefined ? [] : ['-b', String(bytes)]), ...(whole === true ? ['-M'] : [])];
  return new Promise((resolve) => {
    const child = spawn('fping', ['-e', ...anySource, ...times, ...packets, ...addresses], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: probeLimitMs + attempts * intervalMs * addresses.length + slackMs,
      killSignal: 'SIGKILL',
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('latin1').on('data', (chunk: string) => {
        const ended = (rest + chunk).split('\n');
        rest = ended.pop() ?? '';
        for (const line of ended) lines.take(line);
      });
    }
    // Neither comes alone in all cases: `error` without `close` where fping is not there.
    child.once('close', () => resolve(lines.results)).on('error', () => resolve(lines.results));
  });
}

/** Makes results of what fping says: of one address perhaps that an error was heard of, before it says whether it is alive. */
export class FpingLines {
  readonly results = new Map<string, ProbeResult>();
  private readonly heard = new Map<string, ProbeResult>();

  take(text: string): void {
    const line = readFpingLine(text);
    if (line === undefined) return;
    if ('ms' in line) this.results.set(line.address, { value: rounded(line.ms) });
    else if (line.failure === 'timeout') {
      this.results.set(line.address, this.heard.get(line.address) ?? { value: 'timeout' });
    } else {
      const result = { value: line.failure, detail: line.detail };
      this.heard.set(line.address, result);
      // Standard error may be read after standard output.
      if (this.results.get(line.address)?.value === 'timeout') this.results.set(line.address, result);
    }
  }
}

const causes: readonly [RegExp, CheckFailure][] = [
  [/Message too long|Fragmentation Needed|Packet Too Big/i, 'tooBig'],
  [/unreachable|No route to host|Network is down/i, 'unreachable'],
];

/**
 * Reads a line of `fping -e`: on stdout `ADDRESS is alive (MS ms)` or `ADDRESS is unreachable`, which is silence; on stderr
 * `ADDRESS: error while sending ping: WORDS` and `ICMP WORDS from ROUTER for ICMP Echo sent to ADDRESS`. Undefined for
 * anything else.
 */
export function readFpingLine(line: string): FpingLine | undefined {
  const [, address, ms] = /^([0-9a-fA-F.:]+) is (?:unreachable|alive \((\d+(?:\.\d+)?) ms\))\s*$/.exec(line) ?? [];
  if (address !== undefined) return ms === undefined ? { address, failure: 'timeout' } : { address, ms: Number(ms) };
  const [, from, words = ''] = /^([0-9a-fA-F.:]+): error while sending ping: (.+)$/.exec(line) ?? [];
  if (from !== undefined) return { address: from, ...causeOf(words) };
  const [, icmp = '', to] = /^ICMP (.+) from \S+ for ICMP Echo sent to ([0-9a-fA-F.:]+)/.exec(line) ?? [];
  return to === undefined ? undefined : { address: to, ...causeOf(icmp) };
}

function causeOf(words: string): { failure: CheckFailure; detail?: string } {
  const failure = causes.find(([pattern]) => pattern.test(words))?.[1];
  return failure === undefined ? { failure: 'other', detail: words } : { failure };
}
