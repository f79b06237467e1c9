// SPDX-License-Identifier: Apache-2.0
import { icmpCommand, icmpParser, type IcmpEvent, type IcmpOutcome, type IcmpRequest } from '../probes/icmp.js';
import type { ProbeDestination } from '../probes/probe.js';
import { measureBySource } from './by-source.js';
import { executeProbe } from './execute-probe.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { Measurer } from './run-request.js';
import { settleAll } from './settle-all.js';
import { rttStatistics } from '../model/statistics.js';
import type { RunObserver } from './tool.js';
import type { Workplaces } from './workplaces.js';

/** What `ping` sends; absent values are the tools' defaults. */
export interface PingOptions {
  count: number;
  intervalMs: number;
  replyTimeoutMs: number;
  sizeBytes?: number | undefined;
  ttl?: number | undefined;
  dontFragment?: boolean | undefined;
  deadlineMs?: number | undefined;
  /** With NET_RAW as user 0, where unprivileged ICMP is refused. */
  raw: boolean;
}

/** The probe's view of a test's destination. */
export function probeDestination({ index, destination }: Test): ProbeDestination {
  const { address, host, family } = destination;
  return { index, family, ...(address === undefined ? { host: host ?? '' } : { address }) };
}

function icmpRequest(tests: readonly Test[], options: PingOptions, leash: boolean): IcmpRequest {
  const { count, intervalMs, replyTimeoutMs, sizeBytes, ttl, dontFragment, deadlineMs } = options;
  return {
    destinations: tests.map(probeDestination),
    count,
    intervalMs,
    replyTimeoutMs,
    leash,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(ttl === undefined ? {} : { ttl }),
    ...(dontFragment === undefined ? {} : { dontFragment }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}

/** The measurement that an ICMP outcome stands for. */
export function pingMeasurement(outcome: IcmpOutcome, startedAt: Date): Measurement {
  const { sent, received, duplicates, rttsMs, from, nextMtu } = outcome;
  const rttMs = rttStatistics(rttsMs);
  return {
    reason: outcome.reason,
    message: outcome.message,
    attempts: sent,
    startedAt,
    resolvedAddress: outcome.address,
    facts: {
      ...(sent === 0
        ? {}
        : { sent, received, duplicates, lossPercent: Math.round(((sent - received) / sent) * 10_000) / 100 }),
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(from === undefined ? {} : { from }),
      ...(nextMtu === undefined ? {} : { nextMtu }),
    },
  };
}

/** Pings all of one source's destinations in one exec. Throws Failure when nothing could be sent. */
export async function pingFrom(
  workplaces: Workplaces,
  tests: readonly Test[],
  options: PingOptions,
  onEvent?: (event: IcmpEvent) => void,
): Promise<IcmpOutcome[]> {
  const [first] = tests;
  if (first === undefined) return [];
  const execute = await workplaces.open(first.source);
  const request = icmpRequest(tests, options, workplaces.leash);
  return executeProbe(execute, icmpCommand(request), icmpParser(request), onEvent);
}

/** Most virtual addresses never answer ICMP: two echoes show whether this one does, and nobody has to wait for more. */
const informationalEcho = { count: 2, replyTimeoutMs: 500 };

/** How `ping` measures. */
export function pingMeasurer(options: PingOptions, observer: RunObserver): Measurer {
  let replies = 0;
  let losses = 0;
  const onEvent = (event: IcmpEvent) => {
    if (event.kind === 'reply' && event.duplicate !== true) replies++;
    if (event.kind === 'loss') losses++;
    observer.progress(`ping: ${replies} ${replies === 1 ? 'reply' : 'replies'}, ${losses} lost`);
  };
  return {
    verb: 'ping',
    targetVerb: 'ping',
    protocols: [],
    capabilities: options.raw ? ['NET_RAW'] : [],
    probeOf: () => 'icmp',
    measure: (tests, workplaces) =>
      measureBySource(tests, workplaces.atWork, async (_source, own) => {
        const startedAt = new Date();
        const informational = own.filter(({ destination }) => destination.informational === true);
        const asked = own.filter((test) => !informational.includes(test));
        const outcomes = await settleAll([
          pingFrom(workplaces, asked, options, onEvent),
          pingFrom(workplaces, informational, { ...options, ...informationalEcho }),
        ]);
        return new Map(outcomes.flat().map((outcome) => [outcome.index, pingMeasurement(outcome, startedAt)]));
      }),
  };
}
