// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import { measureAgainWith, type MeasureAgain } from '../runs/confirm-controls.js';
import { isSameDestination } from '../runs/controls.js';
import { expandPlan } from '../runs/expand-plan.js';
import type { MeasuredTest, Test } from '../runs/plan.js';
import { measureAgainByOwner, siblingsOf, type Siblings } from '../runs/siblings.js';
import type { PreparedTest } from './prepare-tests.js';
import { shapeKey } from './shape-groups.js';

/** What tells the packets of two tests apart: not how often and how long they are sent, nor what is expected of them. */
function packetsOf({ test: { probe } }: PreparedTest): string {
  if (probe.kind === 'ping') return JSON.stringify([probe.kind, probe.sizeBytes, probe.dontFragment]);
  return probe.kind;
}

const againAs = ({ measurer, run }: PreparedTest): MeasureAgain => measureAgainWith(measurer, run.workplaces);

function withSame(denied: readonly MeasuredTest[], others: readonly MeasuredTest[]): MeasuredTest[] {
  return others.filter((other) => denied.some((each) => isSameDestination(each, other)));
}

/** Measures now what denied tests may need, and keeps whose tests they are. */
async function measuredNow(tests: readonly MeasuredTest[], again: MeasureAgain): Promise<MeasuredTest[]> {
  const measured = await again(tests);
  return tests.flatMap((each) => {
    const measurement = measured.get(each);
    return measurement === undefined ? [] : [{ test: each.test, measurement }];
  });
}

/** Tests that send the same kind of packets and are made together are each other's positive controls. */
export function siblingTests(tests: readonly PreparedTest[], signal: AbortSignal): Map<PreparedTest, Siblings> {
  const siblings = new Map<PreparedTest, Siblings>();
  for (const packets of new Set(tests.map(packetsOf))) {
    const own = tests.filter((test) => packetsOf(test) === packets);
    const together = siblingsOf(own.map(againAs), signal);
    for (const [index, test] of own.entries()) {
      const sibling = together[index];
      if (sibling !== undefined) siblings.set(test, sibling);
    }
  }
  return siblings;
}

/**
 * The siblings of a test that is made once more: those of the same destinations are measured anew, because what they
 * reached a while ago says nothing of now.
 */
export function siblingsAnew(siblings: Siblings): Siblings {
  return {
    ...siblings,
    tell: () => undefined,
    elsewhere: async (denied) => measuredNow(withSame(denied, await siblings.elsewhere(denied)), siblings.again),
  };
}

/**
 * The siblings of tests that are made one after another (`--fail-fast`): what a denied test needs of the others is measured
 * then, whether their own turn has come or not.
 */
export function siblingsOnDemand(tests: readonly PreparedTest[]): Map<PreparedTest, Siblings> {
  const owners = new Map<Test, MeasureAgain>();
  const plans = new Map<PreparedTest, Promise<MeasuredTest[]>>();
  /** What a test will measure, as its source pod has it; nothing where that cannot be asked. */
  const planOf = (prepared: PreparedTest): Promise<MeasuredTest[]> => {
    const known = plans.get(prepared) ?? unmeasured(prepared, owners);
    plans.set(prepared, known);
    return known;
  };
  return new Map(
    tests.map((prepared): [PreparedTest, Siblings] => {
      const others = tests.filter((other) => other !== prepared && serves(other, prepared));
      const again = measureAgainByOwner((test) => owners.get(test) ?? againAs(prepared));
      const elsewhere = async (denied: readonly MeasuredTest[]) => {
        if (denied.length === 0) return [];
        const candidates = await Promise.all(others.map(planOf));
        return measuredNow(withSame(denied, candidates.flat()), again);
      };
      return [prepared, { tell: () => undefined, elsewhere, again }];
    }),
  );
}

/** Whether a test sends what another one does, in the same circumstances. */
function serves(one: PreparedTest, other: PreparedTest): boolean {
  return one.unsupported === undefined && packetsOf(one) === packetsOf(other) && shapeKey(one) === shapeKey(other);
}

async function unmeasured(prepared: PreparedTest, owners: Map<Test, MeasureAgain>): Promise<MeasuredTest[]> {
  const again = againAs(prepared);
  const startedAt = new Date();
  try {
    const { plan } = await expandPlan(prepared.run, prepared.measurer);
    return plan.tests.map((test) => {
      owners.set(test, again);
      return { test, measurement: { reason: 'Silent', message: '', attempts: 0, startedAt } };
    });
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'bug') throw failure;
    return [];
  }
}
