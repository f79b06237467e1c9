// SPDX-License-Identifier: Apache-2.0
import type { MeasureAgain } from './confirm-controls.js';
import type { Measurement } from './measurement.js';
import type { MeasuredTest, Test } from './plan.js';
import { unlessAborted } from './unless-aborted.js';

/** What a part of a run tells the others of the same kind of packets when it has measured, and asks them for. */
export interface Siblings {
  tell(measured: readonly MeasuredTest[]): void;
  /** What the others have measured that denied tests may need; resolves when it is there, will not be, or the run ends. */
  elsewhere(denied: readonly MeasuredTest[]): Promise<readonly MeasuredTest[]>;
  again: MeasureAgain;
}

/** Measures each test as the part did that it is of. */
export function measureAgainByOwner(ownerOf: (test: Test) => MeasureAgain): MeasureAgain {
  return async (tests) => {
    const owners = new Map<MeasureAgain, MeasuredTest[]>();
    for (const each of tests) {
      const owner = ownerOf(each.test);
      owners.set(owner, [...(owners.get(owner) ?? []), each]);
    }
    const measured = await Promise.all([...owners].map(([again, own]) => again(own)));
    return new Map<MeasuredTest, Measurement>(measured.flatMap((each) => [...each]));
  };
}

/** Parts of a run whose tests serve each other as positive controls: one entry for each part, which has to tell something. */
export function siblingsOf(parts: readonly MeasureAgain[], signal: AbortSignal): Siblings[] {
  const owners = new WeakMap<Test, MeasureAgain>();
  const told = parts.map((again) => {
    let resolve: (measured: readonly MeasuredTest[]) => void = () => undefined;
    const measured = new Promise<readonly MeasuredTest[]>((resolved) => {
      resolve = resolved;
    });
    const tell = (own: readonly MeasuredTest[]) => {
      for (const { test } of own) owners.set(test, again);
      resolve(own);
    };
    return { tell, measured, again };
  });
  return told.map((own) => ({
    tell: own.tell,
    again: measureAgainByOwner((test) => owners.get(test) ?? own.again),
    elsewhere: () => {
      const others = Promise.all(told.filter((each) => each !== own).map((each) => each.measured));
      return unlessAborted(
        others.then((measured) => measured.flat()),
        signal,
        [],
      );
    },
  }));
}
