// SPDX-License-Identifier: Apache-2.0
import { icmpCommand, icmpParser } from '../probes/icmp.js';
import type { ProbeParser } from '../probes/probe.js';
import { tcpCommand } from '../probes/tcp.js';
import { tcpParser } from '../probes/tcp-parser.js';
import type { EffectCandidate, EffectTarget } from './effect-candidate.js';
import type { RunInPod } from './pod-shaper.js';

/** Round trips to one candidate. */
export interface RoundTrips {
  sent: number;
  /** Of those that were answered; of TCP connects the refused ones as well, which take as long. */
  timesMs: number[];
  /** What the tool found, for people. */
  message: string;
}

export interface TripOptions {
  count: number;
  intervalMs: number;
  /** How long an answer is waited for. */
  waitMs: number;
}

/** More would be no better: connects of a script are timed one after another. */
const mostConnects = 10;

/** Measures all candidates at once; the result is in their order. */
export async function roundTrips(
  run: RunInPod,
  probe: EffectTarget['probe'],
  candidates: readonly EffectCandidate[],
  { count, intervalMs, waitMs }: TripOptions,
): Promise<RoundTrips[]> {
  const destinations = candidates.map(({ family, address, host, port = 0 }, index) => ({
    index,
    family,
    port,
    ...(address === undefined ? { host: host ?? '' } : { address }),
  }));
  if (probe === 'echo') {
    const request = { destinations, count, intervalMs, replyTimeoutMs: waitMs };
    const outcomes = await finished(run, icmpCommand(request), icmpParser(request));
    return outcomes.map(({ sent, rttsMs, message }) => ({ sent, timesMs: rttsMs, message }));
  }
  const request = { destinations, attempts: Math.min(count, mostConnects), connectTimeoutMs: waitMs, leash: false };
  const outcomes = await finished(run, tcpCommand(request), tcpParser(request));
  return outcomes.map(({ attempts, message }) => ({
    sent: attempts.length,
    timesMs: attempts.flatMap(({ reason, ms }) =>
      ms !== undefined && (reason === 'Connected' || reason === 'Refused') ? [ms] : [],
    ),
    message,
  }));
}

/** Runs a probe's command to its end and reads what it printed. */
async function finished<Outcome>(
  run: RunInPod,
  { argv, limitMs }: { argv: string[]; limitMs: number },
  parser: ProbeParser<unknown, Outcome>,
): Promise<Outcome[]> {
  const { exitCode, stdout, stderr } = await run(argv, limitMs);
  for (const line of stdout.split('\n')) parser.stdout(line);
  for (const line of stderr.split('\n')) parser.stderr(line);
  return parser.end(exitCode);
}
