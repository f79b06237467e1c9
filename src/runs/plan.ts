// SPDX-License-Identifier: Apache-2.0
import type { Destination } from '../targets/destination.js';
import { addressesOf } from '../targets/pod-facts.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { Measurement } from './measurement.js';

/** One probe from one source to one destination. `index` is its place in the report. */
export interface Test {
  index: number;
  source: SourcePod;
  destination: Destination;
  /** The same host name in the other family, for when it has no address in the first one. */
  otherFamily?: Destination;
}

/** A test and what was measured in it. */
export interface MeasuredTest {
  test: Test;
  measurement: Measurement;
}

/** What makes two destinations the same thing in another address family. */
export function identity({ ref, role, kind, namespace, name, port, protocol, pod }: Destination): string {
  return JSON.stringify([ref, role, kind, namespace, name, port, protocol, pod?.namespace, pod?.name]);
}

/** What one source tests: of destinations with addresses of both families only one, where the family is free. */
interface Choice {
  destination: Destination;
  otherFamily?: Destination;
}

/**
 * The destinations of a source without an explicit `--ip-families`: of everything that has addresses of both families,
 * the one of the pod's own first address, because that is what its applications would use.
 */
function inPreferredFamily(source: SourcePod, destinations: readonly Destination[]): Choice[] {
  const preferred = new Map<string, Destination>();
  const others = new Map<string, Destination>();
  for (const destination of destinations) {
    const families = destination.family === source.primaryFamily ? preferred : others;
    families.set(identity(destination), destination);
  }
  return destinations.flatMap((destination): Choice[] => {
    const key = identity(destination);
    if (destination.family !== source.primaryFamily) return preferred.has(key) ? [] : [{ destination }];
    const other = others.get(key);
    const hasOther = destination.role === 'host' && other !== undefined && source.addresses[other.family] !== undefined;
    return [{ destination, ...(hasOther ? { otherFamily: other } : {}) }];
  });
}

/** Whether the destination is the source itself, come by through a selector or workload that stands for other pods too. */
function isItself(source: SourcePod, destination: Destination, destinations: readonly Destination[]): boolean {
  const self = (pod: Destination['pod']) => pod?.namespace === source.namespace && pod.name === source.name;
  if (destination.role !== 'pod' || !self(destination.pod)) return false;
  return destinations.some(({ ref, role, pod }) => ref === destination.ref && role === 'pod' && !self(pod));
}

/** What a run consists of, and what had to be left out. */
export interface Plan {
  tests: Test[];
  notes: string[];
}

/** Whether a pod has no address at all, because it does not run: its tests are planned, and say so in the report. */
function isNowhere({ pod }: SourcePod): boolean {
  return Object.keys(addressesOf(pod, [4, 6])).length === 0;
}

/**
 * Every source with every destination whose family it has; `chooseFamily` leaves one family of each destination. Of
 * several pods that one word stands for, a source leaves out itself: that would test its loopback.
 */
export function planTests(
  sources: readonly SourcePod[],
  destinations: readonly Destination[],
  options: { chooseFamily: boolean },
): Plan {
  const tests: Test[] = [];
  const notes: string[] = [];
  for (const source of sources) {
    const others = destinations.filter((destination) => !isItself(source, destination, destinations));
    const choices = options.chooseFamily
      ? inPreferredFamily(source, others)
      : others.map((destination): Choice => ({ destination }));
    const leftOut = new Set<number>();
    const nowhere = isNowhere(source);
    for (const { destination, otherFamily } of choices) {
      const { family, emptyReason } = destination;
      if (source.addresses[family] === undefined && emptyReason === undefined && !nowhere) leftOut.add(family);
      else
        tests.push({ index: tests.length, source, destination, ...(otherFamily === undefined ? {} : { otherFamily }) });
    }
    for (const family of leftOut) {
      notes.push(
        `${source.namespace}/${source.name} has no IPv${family} address: its IPv${family} destinations are left out`,
      );
    }
  }
  return { tests, notes };
}
