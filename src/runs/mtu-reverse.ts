// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import { mtuCommand, mtuParser, type MtuOutcome, type MtuRequest } from '../probes/mtu.js';
import type { ProbeDestination } from '../probes/probe.js';
import { addressesOf } from '../targets/pod-facts.js';
import type { SourcePod } from '../targets/source-pod.js';
import { executeProbe } from './execute-probe.js';
import { reasonOfFailure, type Measurement } from './measurement.js';
import type { Test } from './plan.js';
import { settleAll } from './settle-all.js';
import type { Workplaces } from './workplaces.js';

type Back = Pick<MtuOutcome, 'reason' | 'message' | 'from' | 'mtu'> & { hint?: string | undefined };

/** The measurement of a way there with what was found on the way back. It passes only where both are well. */
export function withWayBack(there: Measurement, back: Back): Measurement {
  const { reason, message, from, mtu, hint } = back;
  const facts = {
    ...there.facts,
    ...(from === undefined || there.facts?.from !== undefined ? {} : { from }),
    ...(there.facts?.mtu === undefined || mtu === undefined ? {} : { mtu: { ...there.facts.mtu, reverse: mtu } }),
  };
  const isWorse = there.reason === 'PathMtuFound' && reason !== 'PathMtuFound';
  return {
    ...there,
    reason: isWorse ? reason : there.reason,
    message: `${there.message}; back: ${message}`,
    facts,
    ...(hint === undefined || !isWorse ? {} : { hint }),
  };
}

/** The address that a test's packets came from: the pod's own, or that of the pod that stood in for it. */
async function addressOfSource({ source, destination }: Test, workplaces: Workplaces): Promise<string | undefined> {
  const standIn = await workplaces.standIn(source);
  const addresses = standIn === undefined ? source.addresses : addressesOf(standIn, [destination.family]);
  return addresses[destination.family];
}

async function wayBackDestinations(tests: readonly Test[], workplaces: Workplaces): Promise<ProbeDestination[]> {
  const found = await Promise.all(
    tests.map(async (test): Promise<ProbeDestination[]> => {
      const address = await addressOfSource(test, workplaces);
      return address === undefined ? [] : [{ index: test.index, family: test.destination.family, address }];
    }),
  );
  return found.flat();
}

async function measureFrom(
  pod: SourcePod,
  tests: readonly Test[],
  workplaces: Workplaces,
  limits: Pick<MtuRequest, 'maxBytes' | 'timeoutMs'>,
): Promise<Map<number, Back>> {
  try {
    const destinations = await wayBackDestinations(tests, workplaces);
    const execute = await workplaces.openProof(pod);
    const request: MtuRequest = { ...limits, destinations, leash: workplaces.leash };
    const outcomes = await executeProbe(execute, mtuCommand(request), mtuParser(request));
    return new Map(outcomes.map((outcome) => [outcome.index, outcome]));
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'bug') throw failure;
    const { message, hint } = failure;
    const back = { reason: reasonOfFailure(failure), message, hint: hint === undefined ? hint : `${message}; ${hint}` };
    return new Map(tests.map(({ index }) => [index, back]));
  }
}

/**
 * Adds the way back from every destination pod that answered to its source, measured inside the destination: all sources of
 * a destination in one exec.
 */
export async function addWaysBack(
  tests: readonly Test[],
  measured: Map<number, Measurement>,
  workplaces: Workplaces,
  limits: Pick<MtuRequest, 'maxBytes' | 'timeoutMs'>,
): Promise<void> {
  const places = workplaces.proofPods.map((pod) => ({
    pod,
    tests: tests.filter(
      ({ index, destination }) =>
        measured.get(index)?.facts?.mtu !== undefined &&
        destination.pod?.namespace === pod.namespace &&
        destination.pod.name === pod.name,
    ),
  }));
  await settleAll(
    places
      .filter((place) => place.tests.length > 0)
      .map(({ pod, tests: own }) =>
        workplaces.atWork(async () => {
          for (const [index, back] of await measureFrom(pod, own, workplaces, limits)) {
            const there = measured.get(index);
            if (there !== undefined) measured.set(index, withWayBack(there, back));
          }
        }),
      ),
  );
}
