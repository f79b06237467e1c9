// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { SourceSpec } from '../targets/refs.js';
import { sourcePod, type SourcePod } from '../targets/source-pod.js';
import { resolveSources } from '../targets/sources.js';
import type { MeasuredTest, Test } from './plan.js';
import { reached } from './verdict.js';

/**
 * Where the positive control of a denied destination comes from: the other sources of the run, the destination pod
 * itself, a source of its own, or nowhere.
 */
export type ControlChoice =
  { from: 'otherSources' } | { from: 'destination' } | { from: 'none' } | { from: 'source'; spec: SourceSpec };

/** Addresses that are another machine's, or nobody's, for every pod (RFC 1122 section 3.2.1.3, RFC 4291 sections 2.5.3 and 2.5.6). */
const ownAddresses = /^(?:127\.|169\.254\.|::1$|fe[89ab])/i;

/** What packets are sent to, whoever sends them. */
function destinationKey({ destination: { address, host, family, port, protocol } }: Test): string {
  return JSON.stringify([address, host, family, port, protocol]);
}

/**
 * Whether two sources send to the same: a name may stand for something else in each of them, and a loopback address always
 * does.
 */
export function isSameDestination(one: MeasuredTest, other: MeasuredTest): boolean {
  if (destinationKey(one.test) !== destinationKey(other.test)) return false;
  const [address, otherAddress] = [one, other].map(
    ({ test, measurement }) => measurement.resolvedAddress ?? test.destination.address,
  );
  if (address !== undefined && otherAddress !== undefined && address !== otherAddress) return false;
  return !ownAddresses.test(address ?? '');
}

/** A pod that stands behind a destination: itself, or the first endpoint of the Service it is the address of. */
function podBehind(test: Test, tests: readonly Test[]): { namespace: string; name: string } | undefined {
  const { destination } = test;
  if (destination.pod !== undefined || destination.role !== 'virtual') return destination.pod;
  return tests.find(
    (other) =>
      other.destination.ref === destination.ref &&
      other.destination.role === 'endpoint' &&
      other.destination.pod !== undefined,
  )?.destination.pod;
}

/** The pods, beside the sources, that controls may enter; they count for `--max-pods` and are announced. */
export async function controlSources(
  cluster: Cluster,
  tests: readonly Test[],
  choice: ControlChoice,
  signal: AbortSignal,
): Promise<SourcePod[]> {
  if (choice.from === 'source') return resolveSources(cluster, choice.spec, { mode: 'one', signal });
  if (choice.from !== 'destination') return [];
  const pods = new Map<string, { namespace: string; name: string }>();
  for (const test of tests) {
    const pod = podBehind(test, tests);
    if (pod !== undefined) pods.set(`${pod.namespace}/${pod.name}`, pod);
  }
  return Promise.all(
    [...pods.values()].map(async ({ namespace, name }) =>
      sourcePod(await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${name}`, { signal })),
    ),
  );
}

/** Denied tests as they are made from the control sources, each destination once. */
export function controlTests(
  denied: readonly Test[],
  tests: readonly Test[],
  choice: ControlChoice,
  sources: readonly SourcePod[],
): Test[] {
  const wanted = new Map<string, Test>();
  for (const test of denied) {
    const behind = choice.from === 'destination' ? podBehind(test, tests) : undefined;
    const source =
      choice.from === 'source'
        ? sources[0]
        : sources.find(({ namespace, name }) => namespace === behind?.namespace && name === behind.name);
    if (source === undefined || source.addresses[test.destination.family] === undefined) continue;
    wanted.set(destinationKey(test), { ...test, source });
  }
  return [...wanted.values()].map((test, index) => ({ ...test, index }));
}

/** What may serve as the control of each denied test, by the test's index: the same destination, from another pod. */
export function chooseControls(
  denied: readonly MeasuredTest[],
  elsewhere: readonly MeasuredTest[],
): Map<number, MeasuredTest> {
  const chosen = new Map<number, MeasuredTest>();
  for (const each of denied) {
    const others = elsewhere.filter(
      (other) => isSameDestination(each, other) && podLabel(other.test.source.pod) !== podLabel(each.test.source.pod),
    );
    const best = others.find((other) => reached(other.measurement.reason)) ?? others[0];
    if (best !== undefined) chosen.set(each.test.index, best);
  }
  return chosen;
}
