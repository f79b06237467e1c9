// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import type { ProbeResult } from './probe-result.js';

/** Milliseconds between two echo requests of one fping (its `-i`): the least that it takes from those who are not root. */
const intervalMs = 1;
/** What fping may take to start on a busy machine, before silence means that nothing is sent. */
const startMs = 1000;

/** Without a source fping 5.1 hears nothing on an unprivileged socket (its issue 248). */
const anySource = ['-S', '0.0.0.0', '-S', '::'];

export interface IcmpProbing {
  addresses: readonly string[];
  periodMs: number;
  timeoutMs: number;
  onResult: (address: string, result: ProbeResult) => void;
}

/** What a line of fping tells of an address. */
export type FpingLine = { address: string } & ({ seconds: number } | { is: 'timed out' | 'unreachable' });

/**
 * One echo request to each address in each period, by one fping that goes on until `signal`: to start one for each period
 * costs as much as all other probes of ten members. Never rejects; resolves when fping has ended, also by itself.
 */
export function icmpProbes(probing: IcmpProbing, signal: AbortSignal): Promise<void> {
  const { addresses, periodMs, timeoutMs, onResult } = probing;
  if (addresses.length === 0 || signal.aborted) return Promise.resolve();
  const times = ['-p', String(Math.ceil(periodMs)), '-t', String(Math.ceil(timeoutMs)), '-i', String(intervalMs)];
  const outcomes = new FpingOutcomes(addresses, Math.ceil((timeoutMs + startMs) / periodMs), onResult);
  return new Promise((resolve) => {
    const child = spawn('fping', ['-l', ...anySource, ...times, ...addresses], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('latin1').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        if (!signal.aborted) for (const line of lines) outcomes.take(line);
      });
    }
    const period = setInterval(() => {
      // Killed, but not closed yet: its silence tells nothing any more.
      if (!signal.aborted) outcomes.endPeriod();
    }, periodMs);
    // Neither comes alone in all cases: `error` without `close` where fping is not there.
    const end = (): void => {
      clearInterval(period);
      resolve();
    };
    child.once('close', end).on('error', end);
  });
}

/** Whether fping is there and may send: it needs NET_RAW, or a group within net.ipv4.ping_group_range (icmp(7)). */
export function icmpWorks(): Promise<boolean> {
  return new Promise((resolve) => {
    const once = ['-C', '1', ...anySource, '-t', '1000', '127.0.0.1'];
    execFile('fping', once, { timeout: 5000, killSignal: 'SIGKILL' }, (error) => resolve(error === null));
  });
}

/**
 * Reads a line of `fping -l`: on stdout `ADDRESS : [N], 64 bytes, MS ms (...)` or `ADDRESS : [N], timed out (...)`, on
 * stderr `ICMP Host Unreachable from ROUTER for ICMP Echo sent to ADDRESS`. Undefined for anything else.
 */
export function readFpingLine(line: string): FpingLine | undefined {
  const [, address, ms] =
    /^([0-9a-fA-F.:]+?)\s+: \[\d+\], (?:timed out|\d+ bytes, (\d+(?:\.\d+)?) ms)/.exec(line) ?? [];
  if (address !== undefined) {
    return ms === undefined ? { address, is: 'timed out' } : { address, seconds: Number(ms) / 1000 };
  }
  const lost = /^ICMP .*Unreachable.* from .* for ICMP Echo sent to ([0-9a-fA-F.:]+)/.exec(line)?.[1];
  return lost === undefined ? undefined : { address: lost, is: 'unreachable' };
}

/** Makes results of what fping says: it tells that a request timed out, and apart from it what a router said of one. */
export class FpingOutcomes {
  private readonly states: Map<string, { isHeard: boolean; silentPeriods: number; unreachable: number }>;

  constructor(
    addresses: readonly string[],
    /** Periods without a word that tell nothing: a request may be sent late in one, and time out in a later one. */
    private readonly patience: number,
    private readonly onResult: IcmpProbing['onResult'],
  ) {
    const state = () => ({ isHeard: false, silentPeriods: 0, unreachable: 0 });
    this.states = new Map(addresses.map((address) => [address, state()]));
  }

  take(text: string): void {
    const line = readFpingLine(text);
    const state = line === undefined ? undefined : this.states.get(line.address);
    if (line === undefined || state === undefined) return;
    if ('is' in line && line.is === 'unreachable') {
      // The kernel's own comes after 3 s without an answer to ARP: often for more than one request, and after their time.
      state.unreachable += 1;
      return;
    }
    state.isHeard = true;
    if ('seconds' in line) {
      state.unreachable = 0;
      this.onResult(line.address, { seconds: line.seconds });
    } else {
      this.onResult(line.address, { failure: state.unreachable > 0 ? 'unreachable' : 'timeout' });
      state.unreachable = Math.max(0, state.unreachable - 1);
    }
  }

  /** To be called once a period: of what the kernel does not send, having no route, fping says nothing at all. */
  endPeriod(): void {
    for (const [address, state] of this.states) {
      state.silentPeriods = state.isHeard ? 0 : state.silentPeriods + 1;
      state.isHeard = false;
      if (state.silentPeriods > this.patience) this.onResult(address, { failure: 'other' });
    }
  }
}
