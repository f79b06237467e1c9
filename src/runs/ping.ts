// SPDX-License-Identifier: Apache-2.0
import { icmpCommand, icmpParser, type IcmpEvent, type IcmpOutcome, type IcmpRequest } from '../probes/icmp.js';
import type { ProbeDestination } from '../probes/probe.js';
import { measureBySource } from './by-source.js';
import { executeProbe } from './execute-probe.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { Measurer } from './run-tests.js';
import { rttStatistics } from './statistics.js';
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

function icmpRequest(tests: readonly Test[], options: PingOptions): IcmpRequest {
  const { count, intervalMs, replyTimeoutMs, sizeBytes, ttl, dontFragment, deadlineMs } = options;
  return {
    destinations: tests.map(probeDestination),
    count,
    intervalMs,
    replyTimeoutMs,
    leash: true,
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
  const execute = await workplaces.open(first.source.pod);
  const request = icmpRequest(tests, options);
  return executeProbe(execute, icmpCommand(request), icmpParser(request), onEvent);
}

/** How `ping` measures. */
export function pingMeasurer(options: PingOptions, observer: RunObserver): Measurer {
  return {
    verb: 'ping',
    protocols: [],
    capabilities: options.raw ? ['NET_RAW'] : [],
    probeOf: () => 'icmp',
    measure: (tests, workplaces) =>
      measureBySource(tests, workplaces.concurrency, async (_source, own) => {
        const startedAt = new Date();
        const outcomes = await pingFrom(workplaces, own, options, (event) => {
          if (event.kind === 'reply' || event.kind === 'loss') {
            observer.sample?.({ index: event.index, rttMs: event.kind === 'reply' ? event.rttMs : undefined });
          }
        });
        return new Map(outcomes.map((outcome) => [outcome.index, pingMeasurement(outcome, startedAt)]));
      }),
  };
}
