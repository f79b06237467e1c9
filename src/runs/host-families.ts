// SPDX-License-Identifier: Apache-2.0
import type { Measurement } from './measurement.js';
import { identity, type Test } from './plan.js';

export interface Measured {
  tests: Test[];
  measured: Map<number, Measurement>;
}

/**
 * A host name that has addresses of one family only is no failure of the other. Where the family was ours to choose, the
 * names that were not found are tried in the other one; where the user asked for both, the family without an address is
 * left out. A name that has neither stays not found.
 */
export async function settleHostFamilies(
  tests: readonly Test[],
  measured: Map<number, Measurement>,
  measure: (tests: readonly Test[]) => Promise<Map<number, Measurement>>,
): Promise<Measured> {
  const isMissing = ({ index }: Test) => measured.get(index)?.reason === 'NameNotFound';
  const retried = tests.flatMap((test) =>
    test.otherFamily !== undefined && isMissing(test) ? [{ ...test, destination: test.otherFamily }] : [],
  );
  const resolved = new Set(tests.filter((test) => !isMissing(test)).map(pairKey));
  const settled = new Map(measured);
  const found = new Map<number, Test>();
  if (retried.length > 0) {
    const again = await measure(retried);
    for (const test of retried) {
      const measurement = again.get(test.index);
      if (measurement === undefined || measurement.reason === 'NameNotFound') continue;
      settled.set(test.index, measurement);
      found.set(test.index, test);
    }
  }
  const kept = tests.filter((test) => !isMissing(test) || !resolved.has(pairKey(test)));
  return { tests: kept.map((test) => found.get(test.index) ?? test), measured: settled };
}

function pairKey({ source, destination }: Test): string {
  return `${source.namespace}/${source.name} ${identity(destination)}`;
}
