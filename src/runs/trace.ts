// SPDX-License-Identifier: Apache-2.0
import { traceCommand, traceParser, type TraceMethod, type TraceOutcome, type TraceRequest } from '../probes/trace.js';
import { measureBySource } from './by-source.js';
import { executeProbe } from './execute-probe.js';
import type { Measurement } from './measurement.js';
import { probeDestination } from './ping.js';
import type { Measurer } from './run-request.js';

/** What `trace` sends. */
export interface TraceOptions {
  /** UDP datagrams of tracepath by default; `udp` and `tcp` by mtr need `raw`. */
  method?: TraceMethod | undefined;
  /** How often each hop is asked; 3 by default. */
  count?: number | undefined;
  /** 30 by default. */
  maxHops?: number | undefined;
  /** Of `udp` and `tcp`. */
  port?: number | undefined;
  /** How long mtr waits for answers to its last packets. */
  timeoutMs?: number | undefined;
  /** With NET_RAW as user 0. */
  raw?: boolean | undefined;
}

/** The measurement that a trace stands for. */
function traceMeasurement(outcome: TraceOutcome, startedAt: Date): Measurement {
  const { reason, message, attempts, address, hops, from } = outcome;
  return {
    reason,
    message,
    attempts,
    startedAt,
    resolvedAddress: address,
    facts: {
      // As of a ping: what was sent and not answered.
      ...(reason === 'NoReply' || (reason !== 'Arrived' && hops.length > 0) ? { sent: attempts, received: 0 } : {}),
      ...(hops.length === 0 ? {} : { hops }),
      ...(from === undefined ? {} : { from }),
    },
  };
}

/** How `trace` measures: all destinations of a source in one exec. */
export function traceMeasurer(options: TraceOptions): Measurer {
  const { method = 'tracepath', count = 3, maxHops = 30, port, timeoutMs, raw } = options;
  return {
    verb: 'trace',
    targetVerb: 'trace',
    protocols: [],
    capabilities: raw === true ? ['NET_RAW'] : [],
    probeOf: () => 'trace',
    measure: (tests, workplaces) =>
      measureBySource(tests, workplaces.atWork, async (source, own) => {
        const startedAt = new Date();
        const execute = await workplaces.open(source);
        const destinations = own.map(probeDestination);
        const request: TraceRequest = {
          destinations,
          method,
          count,
          maxHops,
          port,
          timeoutMs,
          leash: workplaces.leash,
        };
        const outcomes = await executeProbe(execute, traceCommand(request), traceParser(request));
        return new Map(outcomes.map((outcome) => [outcome.index, traceMeasurement(outcome, startedAt)]));
      }),
  };
}
