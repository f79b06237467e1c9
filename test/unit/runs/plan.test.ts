// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTests, type Plan } from '../../../src/runs/plan.js';
import { destination, host, source } from './planned-tests.js';

const brief = ({ tests }: Plan) =>
  tests.map(({ source: { name }, destination: to }) => `${name} ${to.name} IPv${to.family}`);
const both = (name: string) => [destination(name, { family: 4 }), destination(name, { family: 6 })];

describe('a plan', () => {
  it("has one family of each destination: that of the source pod's first address", () => {
    const sources = [source('four'), source('six', [6, 4])];
    const plan = planTests(sources, both('db'), { chooseFamily: true });
    expect(brief(plan)).toEqual(['four db IPv4', 'six db IPv6']);
    expect(plan.notes).toEqual([]);
  });

  it('has the other family of what lacks the first one', () => {
    const plan = planTests([source('a')], [destination('db', { family: 6 })], { chooseFamily: true });
    expect(brief(plan)).toEqual(['a db IPv6']);
  });

  it('has both families where they were asked for', () => {
    expect(brief(planTests([source('a')], both('db'), { chooseFamily: false }))).toEqual(['a db IPv4', 'a db IPv6']);
  });

  it('says which destinations a source without their family leaves out, once', () => {
    const plan = planTests([source('a', [4])], [...both('db'), ...both('web')], { chooseFamily: false });
    expect(brief(plan)).toEqual(['a db IPv4', 'a web IPv4']);
    expect(plan.notes).toEqual(['targets/a has no IPv6 address: its IPv6 destinations are left out']);
  });

  it('leaves the source itself out of several pods that one word stands for, and keeps it where it was named alone', () => {
    const sources = [source('web-0'), source('web-1')];
    const pod = (name: string, ref: string) =>
      destination(name, { ref, role: 'pod', pod: { namespace: sources[0]?.namespace ?? '', name } });
    const several = planTests(sources, [pod('web-0', 'deploy/web'), pod('web-1', 'deploy/web')], {
      chooseFamily: true,
    });
    expect(brief(several)).toEqual(['web-0 web-1 IPv4', 'web-1 web-0 IPv4']);
    const alone = planTests(sources, [pod('web-0', 'pod/web-0')], { chooseFamily: true });
    expect(brief(alone)).toEqual(['web-0 web-0 IPv4', 'web-1 web-0 IPv4']);
  });

  it('keeps what there is nothing to send to, whatever its family', () => {
    const empty = destination('db', { family: 6, emptyReason: 'NoEndpoints' });
    expect(brief(planTests([source('a', [4])], [empty], { chooseFamily: true }))).toEqual(['a db IPv6']);
  });

  it('keeps the tests of a source without any address, which does not run', () => {
    const plan = planTests([source('pending', [])], both('db'), { chooseFamily: false });
    expect(brief(plan)).toEqual(['pending db IPv4', 'pending db IPv6']);
    expect(plan.notes).toEqual([]);
  });

  it('tells ports, protocols and replicas apart when it chooses a family', () => {
    const others = [
      destination('db', { port: 81 }),
      destination('db', { protocol: 'udp' }),
      destination('db', { family: 6, port: 82 }),
      destination('db-1', { family: 6 }),
    ];
    expect(planTests([source('a')], [...both('db'), ...others], { chooseFamily: true }).tests).toHaveLength(5);
  });

  it('remembers the other family of a host name, where the source has it and the choice was free', () => {
    const names = [host('example.test', 4), host('example.test', 6)];
    const other = (...families: (4 | 6)[]) =>
      planTests([source('a', families)], names, { chooseFamily: true }).tests[0]?.otherFamily?.family;
    expect(other(4, 6)).toBe(6);
    expect(other(6, 4)).toBe(4);
    expect(other(4)).toBeUndefined();
    const asked = planTests([source('a')], names, { chooseFamily: false }).tests;
    expect(asked.map(({ otherFamily }) => otherFamily)).toEqual([undefined, undefined]);
  });
});

const families = fc.constantFrom<readonly (4 | 6)[]>([4], [6], [4, 6], [6, 4]);
const named = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), families }), {
  selector: ({ name }) => name,
});

describe('any plan', () => {
  it('tests each destination exactly once from each source that shares a family with it, in its first one if it can', () => {
    fc.assert(
      fc.property(named, named, (sources, destinations) => {
        const plan = planTests(
          sources.map((entry) => source(entry.name, entry.families)),
          destinations.flatMap((entry) => entry.families.map((family) => destination(entry.name, { family }))),
          { chooseFamily: true },
        );
        const expected = sources.flatMap((from) =>
          destinations.flatMap((to) => {
            const first = from.families[0];
            const chosen = first !== undefined && to.families.includes(first) ? first : to.families[0];
            return chosen !== undefined && from.families.includes(chosen)
              ? [`${from.name} ${to.name} IPv${chosen}`]
              : [];
          }),
        );
        expect(brief(plan).sort()).toEqual(expected.sort());
        expect(plan.tests.map(({ index }) => index)).toEqual(Array.from(plan.tests.keys()));
      }),
    );
  });

  it('of both families is every pair whose family the source has', () => {
    fc.assert(
      fc.property(named, named, (sources, destinations) => {
        const plan = planTests(
          sources.map((entry) => source(entry.name, entry.families)),
          destinations.flatMap((entry) => entry.families.map((family) => destination(entry.name, { family }))),
          { chooseFamily: false },
        );
        const shared = sources.flatMap((from) =>
          destinations.map((to) => to.families.filter((family) => from.families.includes(family)).length),
        );
        expect(plan.tests).toHaveLength(shared.reduce((sum, count) => sum + count, 0));
      }),
    );
  });
});
