// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { resolveDestinations } from '../targets/destinations.js';
import { ipFamily, type IpFamily } from '../targets/names.js';
import { addressesOf } from '../targets/pod-facts.js';
import type { DestinationRef } from '../targets/refs.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { EffectCandidate, EffectTarget, EffectTargetOptions } from './effect-candidate.js';
import { measuringMethod } from './measuring-method.js';
import { otherPods } from './other-pods.js';
import { scopeSelects } from './scope-selects.js';

/** Some peers may be silent: a Service's virtual address answers no echo. */
const mostCandidates = 6;
/** Where the rule takes every port: a refused connect takes a round trip as well. */
const anyPort = 80;

/**
 * What to measure against: `--verify-to`, else the first peers, else other ready pods; or why there is nothing, in words
 * that follow "effect not measured:". Throws Failure for a `--verify-to` that does not exist.
 */
export async function chooseEffectTarget(
  cluster: Cluster,
  options: EffectTargetOptions,
): Promise<EffectTarget | { unmeasured: string }> {
  const { scope, direction, verifyTo, peerAddresses } = options;
  const method = measuringMethod(scope, direction);
  if ('unmeasured' in method) return method;
  const found =
    verifyTo !== undefined
      ? await namedCandidates(cluster, verifyTo, options)
      : peerAddresses.length > 0
        ? peerCandidates(options)
        : await otherPods(cluster, options);
  if ('unmeasured' in found) return found;
  const { probe } = method;
  if (probe === 'echo') return { probe, candidates: found.slice(0, mostCandidates) };
  const port = method.port;
  return {
    probe,
    candidates: found
      .slice(0, mostCandidates)
      .map((candidate) => ({ ...candidate, port: port ?? candidate.port ?? anyPort })),
  };
}

type Found = EffectCandidate[] | { unmeasured: string };

async function namedCandidates(cluster: Cluster, ref: DestinationRef, options: EffectTargetOptions): Promise<Found> {
  const { signal, source, families = [4, 6], scope } = options;
  const port = ref.ports.find((one) => typeof one === 'number');
  const { destinations } = await resolveDestinations(cluster, [{ ...ref, ports: [] }], {
    verb: 'ping',
    families,
    signal,
  });
  const [shapes, own, taken] = [scopeSelects(scope), sends(source), takenAddresses(options)];
  const reachable = destinations.filter(({ family, emptyReason }) => emptyReason === undefined && own.has(family));
  const empty = destinations.find(({ emptyMessage }) => emptyMessage !== undefined)?.emptyMessage;
  if (reachable.length === 0) return { unmeasured: empty ?? `the pod has no address to reach ${ref.text} from` };
  const shaped = reachable.filter(({ address }) => address === undefined || shapes(address));
  if (shaped.length === 0) return { unmeasured: `what goes to ${ref.text} is not shaped` };
  const others = shaped.filter(({ address }) => address === undefined || !taken.has(address));
  if (others.length === 0) return { unmeasured: `${ref.text} is shaped itself` };
  return others.map(({ family, address, host, pod }) => ({
    label: pod === undefined ? (host ?? address ?? ref.text) : `${pod.namespace}/${pod.name}`,
    family,
    ...(address === undefined ? {} : { address }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  }));
}

function peerCandidates({ peerAddresses, shaped, source, scope, families = [4, 6] }: EffectTargetOptions): Found {
  const [shapes, own] = [scopeSelects(scope), sends(source)];
  const hosts = peerAddresses.flatMap((peer) => {
    const address = peer.replace(peer.includes(':') ? /\/128$/ : /\/32$/, '');
    const family = ipFamily(address);
    return family === undefined ? [] : [{ label: address, address, family }];
  });
  if (hosts.length === 0) return { unmeasured: `${peerAddresses.join(', ')} is no single address (see --verify-to)` };
  const taken = takenAddresses({ shaped });
  const usable = hosts.filter(
    ({ address, family }) => families.includes(family) && own.has(family) && shapes(address) && !taken.has(address),
  );
  return usable.length > 0
    ? usable
    : { unmeasured: 'every peer is shaped itself, exempt, or of an address family that the pod has not' };
}

/** Those of pods that are shaped too: an effect would count twice. */
function takenAddresses({ shaped }: Pick<EffectTargetOptions, 'shaped'>): Set<string> {
  return new Set(shaped.flatMap((pod) => Object.values(addressesOf(pod, [4, 6])) as string[]));
}

/** The families that a pod can send from. */
function sends({ addresses }: SourcePod): Set<IpFamily> {
  return new Set(([4, 6] as const).filter((family) => addresses[family] !== undefined));
}
