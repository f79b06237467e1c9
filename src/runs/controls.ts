// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import type { ControlResult } from '../model/report.js';
import type { SourceSpec } from '../targets/refs.js';
import { sourcePod, type SourcePod } from '../targets/source-pod.js';
import { resolveSources } from '../targets/sources.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import { needsControl, reached } from './verdict.js';

/**
 * Where the positive control of a denied destination comes from: the other sources of the run, the destination pod
 * itself, a source of its own, or nowhere.
 */
export type ControlChoice =
  { from: 'otherSources' } | { from: 'destination' } | { from: 'none' } | { from: 'source'; spec: SourceSpec };

/** What packets are sent to, whoever sends them. */
function sameDestination({ destination: { address, host, port, protocol } }: Test): string {
  return JSON.stringify([address, host, port, protocol]);
}

function sourceKey({ namespace, name }: SourcePod): string {
  return `${namespace}/${name}`;
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

/** The tests that have to be made from control sources because their own source did not reach the destination. */
export function controlTests(
  tests: readonly Test[],
  measurements: ReadonlyMap<number, Measurement>,
  choice: ControlChoice,
  sources: readonly SourcePod[],
): Test[] {
  const wanted = new Map<string, Test>();
  for (const test of tests) {
    const measurement = measurements.get(test.index);
    if (measurement === undefined || !needsControl(measurement.reason)) continue;
    const behind = choice.from === 'destination' ? podBehind(test, tests) : undefined;
    const source =
      choice.from === 'source'
        ? sources[0]
        : sources.find(({ namespace, name }) => namespace === behind?.namespace && name === behind.name);
    if (source === undefined || source.addresses[test.destination.family] === undefined) continue;
    wanted.set(sameDestination(test), { ...test, source });
  }
  return [...wanted.values()].map((test, index) => ({ ...test, index }));
}

/** The control of each test that needs one, by the test's index, from whatever was measured elsewhere in the run. */
export function controlsOf(
  tests: readonly Test[],
  measurements: ReadonlyMap<number, Measurement>,
  elsewhere: readonly { test: Test; measurement: Measurement }[],
): Map<number, ControlResult> {
  const controls = new Map<number, ControlResult>();
  for (const test of tests) {
    const measurement = measurements.get(test.index);
    if (measurement === undefined || !needsControl(measurement.reason)) continue;
    const others = elsewhere.filter(
      (other) =>
        sameDestination(other.test) === sameDestination(test) &&
        sourceKey(other.test.source) !== sourceKey(test.source),
    );
    const best = others.find((other) => reached(other.measurement.reason)) ?? others[0];
    if (best !== undefined) {
      controls.set(test.index, { source: sourceKey(best.test.source), reached: reached(best.measurement.reason) });
    }
  }
  return controls;
}
