// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { meshesOf } from '../../../src/mesh/matrix.js';
import { parseRecent } from '../../../src/mesh/parse-recent.js';
import { probeProtocols } from '../../../src/model/prober.js';
import { every, probed, prober, reading } from './readings.js';

describe('the answer of a prober', () => {
  it('is read as it was written', () => {
    const { recent } = reading(prober('a'), probed('b', { http: every(1, 'timeout'), icmp: [] }, { left: true }));
    expect(parseRecent(JSON.stringify(recent))).toEqual(recent);
  });

  it('of something else is told', () => {
    for (const text of ['', 'pong', '[]', 'null', '{"kind":"Status"}', '<html>']) {
      expect(() => parseRecent(text)).toThrow(/does not answer as a prober/);
    }
  });

  it('with more destinations than any mesh has is refused', () => {
    const destinations = Array.from({ length: 10_001 }, (_, index) => ({
      namespace: 'a',
      pod: `p${index}`,
      probes: {},
    }));
    const answer = (count: number) =>
      JSON.stringify({ kind: 'RecentProbes', destinations: destinations.slice(0, count) });
    expect(parseRecent(answer(10_000)).destinations).toHaveLength(10_000);
    expect(() => parseRecent(answer(10_001))).toThrow('more than 10000 destinations');
  });

  it('may be anything and breaks nothing', () => {
    const fields = fc.constantFrom(
      'kind',
      'destinations',
      'probes',
      'http',
      'agoMs',
      'ms',
      'failure',
      'pod',
      'namespace',
    );
    const anything = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'large' },
        fc.constantFrom(null, 1, -1, 1e308, 'RecentProbes', 'shop', true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fields, tie('value'), { maxKeys: 6 }),
      ),
    })).value;
    fc.assert(
      fc.property(anything, (value) => {
        const text = JSON.stringify({
          kind: 'RecentProbes',
          destinations: [value, { pod: 'a', namespace: 'b', probes: value }],
        });
        let recent;
        try {
          recent = parseRecent(text);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
          return;
        }
        const [mesh] = meshesOf([{ prober: prober('a'), recent }], {
          sinceMs: 1000,
          by: 'pod',
          protocols: probeProtocols,
        });
        expect(mesh?.members.length).toBeGreaterThan(0);
      }),
    );
  });
});
