// SPDX-License-Identifier: Apache-2.0
import type { TlsResult } from '../model/report.js';
import { tcpCommand } from '../probes/tcp.js';
import { tcpParser, type TcpOutcome } from '../probes/tcp-parser.js';
import { tlsCommand, type TlsDestination } from '../probes/tls.js';
import { tlsParser } from '../probes/tls-parser.js';
import { measureBySource } from './by-source.js';
import { executeProbe, type Execute } from './execute-probe.js';
import type { Measurement } from './measurement.js';
import { probeDestination } from './ping.js';
import type { Test } from './plan.js';
import type { Measurer } from './run-request.js';
import { settleAll } from './settle-all.js';
import { rttStatistics } from '../model/statistics.js';
import { podsBehind, udpMeasurements, type UdpOptions } from './udp.js';
import type { Workplaces } from './workplaces.js';

/** What `connect` tries. */
export interface ConnectOptions extends UdpOptions {
  /** Of ports whose protocol is not named. */
  protocol: 'tcp' | 'udp';
  /** Shake hands with what was connected to. */
  tls: boolean;
}

function tcpMeasurement(outcome: TcpOutcome, startedAt: Date): Measurement {
  const { reason, message, attempts, address } = outcome;
  const rttMs = rttStatistics(
    attempts.flatMap(({ ms, reason: result }) => (ms === undefined || result !== 'Connected' ? [] : [ms])),
  );
  return {
    reason,
    message,
    attempts: attempts.length,
    startedAt,
    resolvedAddress: address,
    facts: { attemptResults: attempts, ...(rttMs === undefined ? {} : { rttMs }) },
  };
}

function withTls(measurement: Measurement, tls: TlsResult): Measurement {
  const facts = { ...measurement.facts, tls };
  if (tls.handshakeMs !== undefined) return { ...measurement, facts };
  return {
    ...measurement,
    reason: 'TlsFailed',
    message: `connected, but no TLS: ${tls.error ?? 'no handshake'}`,
    facts,
  };
}

async function addTls(
  execute: Execute,
  tests: readonly Test[],
  measured: Map<number, Measurement>,
  { timeoutMs, leash }: { timeoutMs: number; leash: boolean },
): Promise<void> {
  const destinations = tests.flatMap((test): TlsDestination[] => {
    const measurement = measured.get(test.index);
    const { port, host } = test.destination;
    const address = measurement?.resolvedAddress ?? test.destination.address;
    if (measurement?.reason !== 'Connected' || port === undefined || address === undefined) return [];
    return [{ index: test.index, address, port, ...(host === undefined ? {} : { serverName: host }) }];
  });
  if (destinations.length === 0) return;
  const request = { destinations, timeoutMs, leash };
  for (const { index, ...tls } of await executeProbe(execute, tlsCommand(request), tlsParser(request))) {
    const measurement = measured.get(index);
    if (measurement !== undefined) measured.set(index, withTls(measurement, tls));
  }
}

async function tcpMeasurements(
  tests: readonly Test[],
  workplaces: Workplaces,
  options: ConnectOptions,
): Promise<Map<number, Measurement>> {
  return measureBySource(tests, workplaces.atWork, async (source, own) => {
    const startedAt = new Date();
    const execute = await workplaces.open(source);
    const { attempts, timeoutMs } = options;
    const { leash } = workplaces;
    const destinations = own.map((test) => ({ ...probeDestination(test), port: test.destination.port ?? 0 }));
    const request = { destinations, attempts, connectTimeoutMs: timeoutMs, leash };
    const outcomes = await executeProbe(execute, tcpCommand(request), tcpParser(request));
    const measured = new Map(outcomes.map((outcome) => [outcome.index, tcpMeasurement(outcome, startedAt)]));
    if (options.tls) await addTls(execute, own, measured, { timeoutMs, leash });
    return measured;
  });
}

/** How `connect` measures: TCP and UDP side by side. */
export function connectMeasurer(options: ConnectOptions): Measurer {
  const isUdp = ({ destination }: Test) => destination.protocol === 'udp';
  return {
    verb: 'connect',
    targetVerb: 'connect',
    protocols: [options.protocol],
    capabilities: [],
    probeOf: (test) => (isUdp(test) ? 'udp' : 'tcp'),
    proofPods: (cluster, tests, signal) =>
      options.proof === undefined ? Promise.resolve([]) : podsBehind(cluster, tests.filter(isUdp), signal),
    proofCapabilities: options.proof === 'capture' ? ['NET_RAW', 'SETGID'] : [],
    measure: async (tests, workplaces) => {
      const [tcp, udp] = await settleAll([
        tcpMeasurements(
          tests.filter((test) => !isUdp(test)),
          workplaces,
          options,
        ),
        udpMeasurements(tests.filter(isUdp), workplaces, options),
      ]);
      return new Map([...tcp, ...udp]);
    },
  };
}
