// SPDX-License-Identifier: Apache-2.0
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ShapeRecord } from '../../../src/model/shaping.js';
import { packPlan } from '../../../src/shaping/pack-plan.js';
import { markOf } from '../../../src/shaping/shape-mark.js';

const record: ShapeRecord = {
  token: 'abc',
  reason: 'lines\nof "text"',
  interface: 'eth0',
  direction: 'egress',
  effects: {},
  scope: { peers: [], exclude: [], ports: [], sourcePorts: [], destinationPorts: [] },
  container: 'netmachinery-admin-1',
  startedAt: '',
  endsAt: '',
  podIPs: [],
};

it('a plan is a line for each part, the record last', () => {
  const packed = packPlan({ root: 'r', links: ['l'], tc: ['t1', 't2'], nft: 'table x {\n\n}\n' }, record);
  expect(packed).toEqual({
    inline: [
      'root r',
      'links l',
      'tc t1',
      'tc t2',
      'nft table x {',
      'nft }',
      'wanted-token abc',
      `wanted-record ${JSON.stringify(record)}`,
    ].join('\n'),
  });
});

it('a long plan comes in pieces that together are the plan', () => {
  fc.assert(
    fc.property(fc.array(fc.ipV6(), { minLength: 200, maxLength: 1500 }), (addresses) => {
      const packed = packPlan({ tc: addresses, nft: '' }, record);
      const pieces = 'pieces' in packed ? packed.pieces : [];
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(8000);
      const text = gunzipSync(Buffer.from(pieces.join(''), 'base64')).toString();
      expect(text.split('\n').slice(0, addresses.length)).toEqual(addresses.map((address) => `tc ${address}`));
    }),
    { numRuns: 20 },
  );
});

it('a mark is a number that tc takes and prints, and another for another token', () => {
  fc.assert(
    fc.property(fc.string(), (token) => {
      const mark = markOf(token);
      expect(Number.isSafeInteger(mark) && mark > 0 && mark <= 2 ** 31 - 1).toBe(true);
    }),
  );
  expect(new Set(Array.from({ length: 1000 }, (_, index) => markOf(index.toString(16)))).size).toBe(1000);
});
