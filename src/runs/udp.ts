// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { defaultUdpPayload, udpCommand, type UdpDestination } from '../probes/udp.js';
import { udpParser, type UdpOutcome } from '../probes/udp-parser.js';
import { sourcePod, type SourcePod } from '../targets/source-pod.js';
import { measureBySource } from './by-source.js';
import { executeProbe } from './execute-probe.js';
import type { Measurement } from './measurement.js';
import { probeDestination } from './ping.js';
import type { Test } from './plan.js';
import { proveByCapture, proveByCounters, type Datagram } from './udp-proof.js';
import type { Workplaces } from './workplaces.js';

export interface UdpOptions {
  /** Attempts at each destination. */
  attempts: number;
  /** Limit of one attempt (TCP), or of all attempts together (UDP). */
  timeoutMs: number;
  /** Sent instead of a DNS query (port 53) or a token. */
  payload?: string | undefined;
  /** Looks inside destination pods whether silent datagrams arrived. */
  proof?: 'counters' | 'capture' | undefined;
}

/** The pods behind UDP destinations, which a proof of arrival enters. */
export async function podsBehind(cluster: Cluster, tests: readonly Test[], signal: AbortSignal): Promise<SourcePod[]> {
  const places = new Map<string, { namespace: string; name: string }>();
  for (const { destination } of tests) {
    if (destination.pod !== undefined)
      places.set(`${destination.pod.namespace}/${destination.pod.name}`, destination.pod);
  }
  return Promise.all(
    [...places.values()].map(async ({ namespace, name }) =>
      sourcePod(await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${name}`, { signal })),
    ),
  );
}

/** Without times: what a shell takes to read a datagram is many times what the datagram took to come. */
function udpMeasurement(outcome: UdpOutcome, startedAt: Date): Measurement {
  const { reason, message, attempts, address } = outcome;
  return {
    reason,
    message,
    attempts: attempts.length,
    startedAt,
    resolvedAddress: address,
    facts: {
      attemptResults: attempts.map((attempt) => ({ reason: attempt.reason })),
      ...(reason === 'Answered' ? { udpProof: 'answer' as const } : {}),
    },
  };
}

/** A token that no other datagram carries, so that a capture can tell ours apart. */
function newToken(): string {
  return `netmachinery-${randomBytes(8).toString('hex')}`;
}

function datagramOf(test: Test, options: UdpOptions): Datagram {
  const token = newToken();
  const port = test.destination.port ?? 0;
  if (options.payload !== undefined) return { test, port, token, payload: Buffer.from(options.payload, 'utf8') };
  // What a capture looks for has to be in the datagram, also on port 53.
  const payload = options.proof === 'capture' ? Buffer.from(token, 'utf8') : defaultUdpPayload(port, token);
  return { test, port, token, payload };
}

async function sendDatagrams(
  datagrams: readonly Datagram[],
  workplaces: Workplaces,
  options: UdpOptions,
): Promise<Map<number, Measurement>> {
  const byIndex = new Map(datagrams.map((datagram) => [datagram.test.index, datagram]));
  return measureBySource(
    datagrams.map(({ test }) => test),
    workplaces.atWork,
    async (source, own) => {
      const startedAt = new Date();
      const execute = await workplaces.open(source);
      const destinations = own.flatMap((test): UdpDestination[] => {
        const datagram = byIndex.get(test.index);
        return datagram === undefined
          ? []
          : [{ ...probeDestination(test), port: datagram.port, payload: datagram.payload }];
      });
      const { attempts, timeoutMs } = options;
      const request = { destinations, attempts, timeoutMs, leash: workplaces.leash };
      const outcomes = await executeProbe(execute, udpCommand(request), udpParser(request));
      return new Map(outcomes.map((outcome) => [outcome.index, udpMeasurement(outcome, startedAt)]));
    },
  );
}

/** Sends datagrams to all UDP destinations, with the proof of arrival that was asked for around it. */
export async function udpMeasurements(
  tests: readonly Test[],
  workplaces: Workplaces,
  options: UdpOptions,
): Promise<Map<number, Measurement>> {
  if (tests.length === 0) return new Map();
  const datagrams = tests.map((test) => datagramOf(test, options));
  const send = () => sendDatagrams(datagrams, workplaces, options);
  if (options.proof === 'counters')
    return workplaces.oneAfterAnother(() => proveByCounters(datagrams, workplaces, send));
  if (options.proof === 'capture') return proveByCapture(datagrams, workplaces, send, options.timeoutMs);
  return send();
}
