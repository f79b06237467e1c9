// SPDX-License-Identifier: Apache-2.0
import type { Destination } from '../targets/destination.js';
import type { SourcePod } from '../targets/source-pod.js';

/** One probe from one source to one destination. `index` is its place in the report. */
export interface Test {
  index: number;
  source: SourcePod;
  destination: Destination;
}

/** What makes two destinations the same thing in another address family. */
function identity({ ref, role, kind, namespace, name, port, protocol, pod }: Destination): string {
  return JSON.stringify([ref, role, kind, namespace, name, port, protocol, pod?.namespace, pod?.name]);
}

/**
 * The destinations that a source without an explicit `--ip-families` tests: of everything that has addresses of both
 * families, the one of the pod's own first address, because that is what its applications would use.
 */
function inPreferredFamily(source: SourcePod, destinations: readonly Destination[]): Destination[] {
  const preferred = new Set(
    destinations.filter(({ family }) => family === source.primaryFamily).map((destination) => identity(destination)),
  );
  return destinations.filter(
    (destination) => destination.family === source.primaryFamily || !preferred.has(identity(destination)),
  );
}

/** What a run consists of, and what had to be left out. */
export interface Plan {
  tests: Test[];
  notes: string[];
}

/** Every source with every destination whose family it has; `chooseFamily` leaves one family of each destination. */
export function planTests(
  sources: readonly SourcePod[],
  destinations: readonly Destination[],
  options: { chooseFamily: boolean },
): Plan {
  const tests: Test[] = [];
  const notes: string[] = [];
  for (const source of sources) {
    const chosen = options.chooseFamily ? inPreferredFamily(source, destinations) : destinations;
    const usable = chosen.filter(
      ({ family, emptyReason }) => source.addresses[family] !== undefined || emptyReason !== undefined,
    );
    const left = new Set(chosen.filter((destination) => !usable.includes(destination)).map(({ family }) => family));
    for (const family of left) {
      notes.push(
        `${source.namespace}/${source.name} has no IPv${family} address: its IPv${family} destinations are left out`,
      );
    }
    for (const destination of usable) tests.push({ index: tests.length, source, destination });
  }
  return { tests, notes };
}
