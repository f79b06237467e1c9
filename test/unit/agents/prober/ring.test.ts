// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manyMembers, neighboursOf } from '../../../../src/agents/prober/ring.js';

const name = fc.string({ minLength: 1, maxLength: 12 });
const few = fc.uniqueArray(name, { minLength: 1, maxLength: manyMembers - 1 });
/** One more than many, so that there are still many when one leaves. */
const many = fc.uniqueArray(name, { minLength: manyMembers + 1, maxLength: 70 });
const neighbours = fc.integer({ min: 1, max: 12 });
const runs = { numRuns: 15 };

const lists = (members: string[], k: number): Map<string, string[]> =>
  new Map(members.map((own) => [own, neighboursOf(own, members, k)]));

describe('neighboursOf', () => {
  it('is everybody else among few members, or when asked for all', () => {
    const everybodyElse = (members: string[], k: number): void => {
      for (const [own, list] of lists(members, k))
        expect([...list].sort()).toEqual(members.filter((member) => member !== own).sort());
    };
    fc.assert(fc.property(few, neighbours, everybodyElse), runs);
    fc.assert(
      fc.property(many, (members) => everybodyElse(members, 0)),
      runs,
    );
  });

  it('gives each of many members k destinations and k sources, none of them itself', () => {
    fc.assert(
      fc.property(many, neighbours, (members, k) => {
        const sources = new Map<string, number>();
        for (const [own, list] of lists(members, k)) {
          expect(new Set(list).size).toBe(k);
          expect(list).not.toContain(own);
          for (const member of list) sources.set(member, (sources.get(member) ?? 0) + 1);
        }
        expect(members.map((member) => sources.get(member))).toEqual(members.map(() => k));
      }),
      runs,
    );
  });

  it('changes one entry in k lists when a member leaves', () => {
    fc.assert(
      fc.property(many, neighbours, fc.nat(), (members, k, index) => {
        const left = members[index % members.length];
        const rest = members.filter((member) => member !== left);
        const after = lists(rest, k);
        let changed = 0;
        for (const [own, list] of lists(members, k)) {
          if (own === left) continue;
          const kept = list.filter((member) => member !== left);
          expect(after.get(own)?.slice(0, kept.length)).toEqual(kept);
          if (kept.length < k) changed++;
        }
        expect(changed).toBe(k);
      }),
      runs,
    );
  });

  it('does not depend on the order of the members, nor on whether oneself is one', () => {
    fc.assert(
      fc.property(many, neighbours, ([own = '', ...others], k) => {
        const list = neighboursOf(own, [own, ...others], k);
        expect(neighboursOf(own, [...others].reverse(), k)).toEqual(list);
      }),
      runs,
    );
  });

  it('stays as it is between versions: all probers of a mesh must agree', () => {
    const members = Array.from({ length: 60 }, (_, index) => `shop/web-${index}`);
    expect(neighboursOf('shop/web-0', members, 3)).toMatchInlineSnapshot(`
      [
        "shop/web-41",
        "shop/web-43",
        "shop/web-55",
      ]
    `);
  });
});
