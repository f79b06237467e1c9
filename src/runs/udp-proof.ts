// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import { udpCaptureCommand, udpCaptureParser } from '../probes/udp-capture.js';
import { udpCountersCommand, udpCountersParser, type UdpCounters } from '../probes/udp-counters.js';
import type { SourcePod } from '../targets/source-pod.js';
import { executeProbe } from './execute-probe.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { Workplaces } from './workplaces.js';

/** What is sent in one test, and the token that tells it apart. */
export interface Datagram {
  test: Test;
  port: number;
  token: string;
  payload: Buffer;
}

interface Place {
  pod: SourcePod;
  datagrams: Datagram[];
}

/** The datagrams by the destination pod that they should arrive in; those without a pod cannot be proven. */
function byDestinationPod(datagrams: readonly Datagram[], workplaces: Workplaces): Place[] {
  return workplaces.proofPods.map((pod) => ({
    pod,
    datagrams: datagrams.filter(
      ({ test: { destination } }) => destination.pod?.namespace === pod.namespace && destination.pod.name === pod.name,
    ),
  }));
}

type Measured = Map<number, Measurement>;

function delivered(measured: Measured, index: number, message: string, udpProof: 'counters' | 'capture'): void {
  const measurement = measured.get(index);
  if (measurement?.reason !== 'Silent') return;
  const attemptResults = measurement.facts?.attemptResults?.map(() => ({ reason: 'Delivered' as const }));
  const facts = { ...measurement.facts, ...(attemptResults === undefined ? {} : { attemptResults }), udpProof };
  measured.set(index, { ...measurement, reason: 'Delivered', message, facts });
}

function note(measured: Measured, index: number, message: string): void {
  const measurement = measured.get(index);
  if (measurement?.reason === 'Silent')
    measured.set(index, { ...measurement, message: `${measurement.message}; ${message}` });
}

async function readCounters(pod: SourcePod, workplaces: Workplaces): Promise<UdpCounters | string> {
  try {
    const execute = await workplaces.openProof(pod);
    const [counters] = await executeProbe(execute, udpCountersCommand(), udpCountersParser());
    return counters ?? 'its UDP counters cannot be read';
  } catch (thrown) {
    return asFailure(thrown).message;
  }
}

/**
 * Sends between two readings of each destination pod's own UDP counters (/proc/net/snmp; RFC 4113). Other datagrams to the
 * pod count as well, so arrival is only concluded when the counters rose by at least what we sent to it, and no arrival
 * when they did not rise at all.
 */
export async function proveByCounters(
  datagrams: readonly Datagram[],
  workplaces: Workplaces,
  send: () => Promise<Measured>,
): Promise<Measured> {
  const places = byDestinationPod(datagrams, workplaces);
  const before = await Promise.all(places.map(({ pod }) => readCounters(pod, workplaces)));
  const measured = await send();
  const after = await Promise.all(places.map(({ pod }) => readCounters(pod, workplaces)));
  places.forEach(({ datagrams: own }, place) => {
    const [first, second] = [before[place], after[place]];
    const sent = own.reduce((sum, { test }) => sum + (measured.get(test.index)?.attempts ?? 0), 0);
    for (const { test } of own) {
      if (typeof first !== 'object' || typeof second !== 'object') {
        const problem = [first, second].find((reading) => typeof reading === 'string') ?? 'the counters were not read';
        note(measured, test.index, `no proof: ${problem}`);
        continue;
      }
      const arrived = second.inDatagrams - first.inDatagrams + (second.noPorts - first.noPorts);
      const counted = `the pod's UDP counters rose by ${arrived}, ${sent} ${sent === 1 ? 'datagram was' : 'datagrams were'} sent to it`;
      if (arrived >= sent) delivered(measured, test.index, `no answer, but ${counted}`, 'counters');
      else note(measured, test.index, counted);
    }
  });
  return measured;
}

/** Sends while a capture in each destination pod looks for the token of every datagram. */
export async function proveByCapture(
  datagrams: readonly Datagram[],
  workplaces: Workplaces,
  send: () => Promise<Measured>,
  timeoutMs: number,
): Promise<Measured> {
  const places = byDestinationPod(datagrams, workplaces).filter(({ datagrams: own }) => own.length > 0);
  const seen = new Set<string>();
  const problems = new Map<Place, string>();
  const captures = places.map((place) => {
    let listening: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (listening = resolve));
    const request = {
      expected: place.datagrams.map(({ port, token }) => ({ port, token })),
      seconds: Math.ceil(timeoutMs / 1000) + 5,
      leash: true,
    };
    const done = workplaces
      .openProof(place.pod)
      .then((execute) =>
        executeProbe(execute, udpCaptureCommand(request), udpCaptureParser(request), (event) => {
          if (event.kind === 'listening') listening();
          else if (event.kind === 'seen') seen.add(event.token);
          else problems.set(place, event.message);
        }),
      )
      .catch((thrown: unknown) => problems.set(place, asFailure(thrown).message))
      .finally(listening);
    return { ready, done };
  });
  await Promise.all(captures.map(({ ready }) => ready));
  const measured = await send();
  const silent = places.some(({ datagrams: own }) =>
    own.some(({ test }) => measured.get(test.index)?.reason === 'Silent'),
  );
  // What was answered needs no proof, and a capture that still waits for it ends with the run.
  if (silent) await Promise.all(captures.map(({ done }) => done));
  for (const place of places) {
    const problem = problems.get(place);
    for (const { test, token } of place.datagrams) {
      if (seen.has(token))
        delivered(measured, test.index, 'no answer, but a capture in the pod saw it arrive', 'capture');
      else
        note(
          measured,
          test.index,
          problem === undefined ? 'a capture in the pod did not see it arrive' : `no proof: ${problem}`,
        );
    }
  }
  return measured;
}
