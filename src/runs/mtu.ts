// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { mtuCommand, mtuParser, type MtuOutcome, type MtuRequest } from '../probes/mtu.js';
import { measureBySource } from './by-source.js';
import { executeProbe } from './execute-probe.js';
import type { Measurement } from './measurement.js';
import { addWaysBack } from './mtu-reverse.js';
import { probeDestination } from './ping.js';
import type { Measurer } from './run-request.js';
import { podsBehind } from './udp.js';

/** What `mtu` looks for. */
export interface MtuOptions {
  /** The largest IP packet that is tried, in bytes; undefined: as long as the interface allows. */
  maxBytes?: number | undefined;
  /** How long the first, short packets wait for an answer. */
  timeoutMs?: number | undefined;
  /** The path MTU that there has to be at least, in bytes. */
  expectedMtu?: number | undefined;
  /** From destination pods back as well, which enters them. */
  bothDirections?: boolean | undefined;
  /** With NET_RAW as user 0, where unprivileged ICMP is refused. */
  raw?: boolean | undefined;
}

/** The measurement that a search stands for. */
function mtuMeasurement(outcome: MtuOutcome, startedAt: Date): Measurement {
  const { reason, message, attempts, address, sent, from, mtu } = outcome;
  return {
    reason,
    message,
    attempts,
    startedAt,
    resolvedAddress: address,
    facts: {
      ...(sent === undefined ? {} : { sent, received: 0 }),
      ...(from === undefined ? {} : { from }),
      ...(mtu === undefined ? {} : { mtu }),
    },
  };
}

/** A path MTU that is smaller than it has to be, there or back. */
export function withExpectedMtu(measurement: Measurement, expectedMtu: number | undefined): Measurement {
  const { reason, message, facts } = measurement;
  if (expectedMtu === undefined || reason !== 'PathMtuFound') return measurement;
  const found = [facts?.mtu?.pathMtu, facts?.mtu?.reverse?.pathMtu].filter((mtu) => mtu !== undefined);
  if (found.every((pathMtu) => pathMtu >= expectedMtu)) return measurement;
  return { ...measurement, reason: 'MtuTooSmall', message: `${message}; ${expectedMtu} are expected` };
}

/** How `mtu` measures: all destinations of a source in one exec, and then the ways back. */
export function mtuMeasurer(options: MtuOptions): Measurer {
  const { maxBytes, timeoutMs, expectedMtu, bothDirections = false, raw = false } = options;
  const capabilities = raw ? ['NET_RAW'] : [];
  return {
    verb: 'mtu',
    targetVerb: 'mtu',
    protocols: [],
    capabilities,
    probeOf: () => 'mtu',
    proofPods: async (cluster, tests, signal) => {
      if (!bothDirections) return [];
      const pods = await podsBehind(cluster, tests, signal);
      if (pods.length > 0) return pods;
      throw new Failure('usage', '--both-directions needs a destination that is a pod', {
        hint: 'the way back is measured from inside the destination; leave it out, or name a pod, workload or Service',
      });
    },
    proofCapabilities: capabilities,
    measure: async (tests, workplaces) => {
      const { atWork, leash } = workplaces;
      const measured = await measureBySource(tests, atWork, async (source, own) => {
        const startedAt = new Date();
        const execute = await workplaces.open(source);
        const request: MtuRequest = { destinations: own.map(probeDestination), maxBytes, timeoutMs, leash };
        const outcomes = await executeProbe(execute, mtuCommand(request), mtuParser(request));
        return new Map(outcomes.map((outcome) => [outcome.index, mtuMeasurement(outcome, startedAt)]));
      });
      if (bothDirections) await addWaysBack(tests, measured, workplaces, { maxBytes, timeoutMs });
      return new Map([...measured].map(([index, found]) => [index, withExpectedMtu(found, expectedMtu)]));
    },
  };
}
