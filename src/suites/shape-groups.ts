// SPDX-License-Identifier: Apache-2.0
import type { PreparedTest } from './prepare-tests.js';

/** What tells the shapes of two tests apart, empty without one: what is asked for, and in which pods. */
export function shapeKey({ test, shape }: PreparedTest): string {
  if (test.while === undefined) return '';
  const pods = shape?.map(({ source }) => `${source.namespace}/${source.name}`);
  return JSON.stringify([test.while, pods]);
}

/** Tests in groups that are made together: first those without a shape, then those of each shape. */
export function groupsByShape(tests: readonly PreparedTest[]): PreparedTest[][] {
  const groups = new Map<string, PreparedTest[]>([['', []]]);
  for (const test of tests) groups.set(shapeKey(test), [...(groups.get(shapeKey(test)) ?? []), test]);
  return [...groups.values()].filter((group) => group.length > 0);
}
