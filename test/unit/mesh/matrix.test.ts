// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meshesOf, type MatrixOptions } from '../../../src/mesh/matrix.js';
import type { Reading } from '../../../src/mesh/prober-reader.js';
import type { Mesh } from '../../../src/model/mesh.js';
import { probeProtocols, type RecentProbe } from '../../../src/model/prober.js';
import { every, probed, prober, reading, unread } from './readings.js';

const options: MatrixOptions = { sinceMs: 30_000, by: 'pod', protocols: ['http'] };

function mesh(readings: Reading[], more: Partial<MatrixOptions> = {}): Mesh {
  const [only] = meshesOf(readings, { ...options, ...more });
  if (only === undefined) throw new Error('no mesh');
  return only;
}

const states = ({ members }: Mesh) =>
  members.map(({ name, read, unread: not, left }) => [name, read, not, ...(left === true ? ['left'] : [])]);

describe('the matrix of a mesh', () => {
  it('has the figures of what ended within the window', () => {
    const probes = every(50, 2, 'timeout', 4, 'refused', 'timeout', 3);
    const { pairs, periodMs } = mesh([reading(prober('a'), probed('b', { http: probes }))], { sinceMs: 5000 });
    expect(periodMs).toBe(1000);
    expect(pairs).toEqual([
      {
        source: 'shop/a',
        destination: 'shop/b',
        protocol: 'http',
        sent: 6,
        failed: 3,
        lossPercent: 50,
        failures: { timeout: 2, refused: 1 },
        rttMs: { min: 2, avg: 3, p50: 3, max: 4, jitter: 1.5 },
      },
    ]);
  });

  it('knows nothing of what was not probed, not read, or no neighbour', () => {
    const found = mesh([
      reading(prober('a'), probed('b', { http: [] }), probed('c', { http: every(1) })),
      unread(prober('b')),
    ]);
    expect(states(found)).toEqual([
      ['shop/a', 1, 0],
      ['shop/b', 0, 1],
      ['shop/c', 0, 0],
    ]);
    expect(found.members[1]?.message).toBe('container net-prober does not run');
    expect(
      found.pairs.map(({ destination, sent, lossPercent, rttMs }) => [destination, sent, lossPercent, rttMs?.p50]),
    ).toEqual([
      ['shop/b', 0, undefined, undefined],
      ['shop/c', 1, 0, 1],
    ]);
  });

  it('has what left the lists while its probes are in the window, and then no more', () => {
    const gone = probed('b', { http: every(1, 'timeout') }, { left: true });
    expect(states(mesh([reading(prober('a'), gone)]))).toContainEqual(['shop/b', 0, 0, 'left']);
    const older = probed('b', { http: [{ agoMs: 31_000, failure: 'timeout' }] }, { left: true });
    expect(states(mesh([reading(prober('a'), older)]))).toEqual([['shop/a', 1, 0]]);
    // One that another prober still has in its list has not left.
    const both = mesh([reading(prober('a'), gone), reading(prober('c'), probed('b', { http: every(1) }))]);
    expect(states(both)).toContainEqual(['shop/b', 0, 0]);
  });

  it('has no ICMP pairs where there is no ICMP', () => {
    const { pairs } = mesh([reading(prober('a'), probed('b', {}))], { protocols: probeProtocols });
    expect(pairs.map(({ protocol, sent }) => [protocol, sent])).toEqual([
      ['http', 0],
      ['tcp', 0],
    ]);
  });

  it('pools by workload and by node, with the jitter of each pair', () => {
    const readings = [
      reading(prober('web-0'), probed('api-0', { http: every(1, 2) }), probed('web-1', { http: every(5) })),
      reading(prober('web-1', { node: 'node2' }), probed('api-0', { http: every(100, 'timeout', 101) })),
      reading(prober('api-0')),
      unread(prober('api-1', { node: '' })),
    ];
    const byWorkload = mesh(readings, { by: 'workload' });
    expect(states(byWorkload)).toEqual([
      ['shop/deploy/api', 1, 1],
      ['shop/deploy/web', 2, 0],
    ]);
    expect(byWorkload.pairs).toMatchObject([
      { destination: 'shop/deploy/api', sent: 5, failed: 1, rttMs: { min: 1, max: 101, jitter: 1 } },
      { source: 'shop/deploy/web', destination: 'shop/deploy/web', sent: 1 },
    ]);
    const byNode = mesh(readings, { by: 'node' });
    expect(byNode.members.map(({ name, pods }) => [name, pods])).toEqual([
      ['<unknown>', 1],
      ['node1', 2],
      ['node2', 1],
    ]);
  });

  it('is one for each mesh, in order', () => {
    const readings = ['shop/rtt', 'netmachinery', 'shop/rtt'].map((name, place) =>
      reading(prober(`web-${place}`, { mesh: name })),
    );
    expect(meshesOf(readings, options).map(({ name, members }) => [name, members.length])).toEqual([
      ['netmachinery', 1],
      ['shop/rtt', 2],
    ]);
  });

  it('loses and invents no probe, however it is grouped', () => {
    const pods = ['web-0', 'web-1', 'api-0', 'db-0'];
    const anyProbe: fc.Arbitrary<RecentProbe> = fc
      .tuple(
        fc.integer({ min: 0, max: 60_000 }),
        fc.oneof(fc.integer({ min: 1, max: 999 }), fc.constantFrom('timeout', '__proto__', 'constructor')),
      )
      .map(([agoMs, found]) => (typeof found === 'number' ? { agoMs, ms: found } : { agoMs, failure: found }));
    const anyReading = fc.record({
      pod: fc.constantFrom(...pods),
      node: fc.constantFrom('node1', 'node2', ''),
      destinations: fc.uniqueArray(
        fc.tuple(fc.constantFrom(...pods), fc.array(anyProbe, { maxLength: 40 }), fc.boolean()),
        { selector: ([name]) => name },
      ),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(anyReading, { selector: ({ pod }) => pod, minLength: 1 }),
        fc.constantFrom('pod' as const, 'workload' as const, 'node' as const),
        fc.constantFrom(1000, 30_000),
        (all, by, sinceMs) => {
          const readings = all.map(({ pod, node, destinations }) =>
            reading(
              prober(pod, { node }),
              ...destinations.map(([name, http, left]) => probed(name, { http }, left ? { left } : {})),
            ),
          );
          const { pairs, members } = mesh(readings, { by, sinceMs });
          const within = all
            .flatMap(({ destinations }) => destinations.flatMap(([, probes]) => probes))
            .filter(({ agoMs }) => agoMs <= sinceMs);
          const sum = (values: number[]) => values.reduce((total, each) => total + each, 0);
          expect(sum(pairs.map(({ sent }) => sent))).toBe(within.length);
          const failed = within.filter(({ failure }) => failure !== undefined).length;
          expect(sum(pairs.map((pair) => pair.failed))).toBe(failed);
          expect(sum(pairs.flatMap(({ failures }) => Object.values(failures)))).toBe(failed);
          const names = new Set(members.map(({ name }) => name));
          for (const { source, destination, sent, failed: lost, rttMs } of pairs) {
            expect(names.has(source) && names.has(destination)).toBe(true);
            // What is not known has no figure, and what has none of the good has no time.
            expect(rttMs === undefined).toBe(sent === lost);
            if (rttMs?.p95 !== undefined) expect(sent - lost).toBeGreaterThanOrEqual(20);
          }
        },
      ),
    );
  });
});
