// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShapeRecord } from '../../../src/shaping/shape-record.js';
import { anyRecord } from './arbitrary-record.js';

describe('a record in a text', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(parseShapeRecord(JSON.stringify(record))).toEqual(record);
      }),
    );
  });

  it('is none where something is missing or of another kind, and nothing is thrown', () => {
    fc.assert(
      fc.property(anyRecord, fc.string(), fc.jsonValue(), (record, key, value) => {
        expect(() => parseShapeRecord(JSON.stringify({ ...record, [key]: value }))).not.toThrow();
        for (const name of ['token', 'effects', 'scope', 'endsAt', 'podIPs'] as const) {
          expect(parseShapeRecord(JSON.stringify({ ...record, [name]: undefined }))).toBeUndefined();
        }
      }),
    );
    for (const text of ['', '{', '[]', 'null', '7', 'killed by OOM']) expect(parseShapeRecord(text)).toBeUndefined();
    expect(parseShapeRecord(undefined)).toBeUndefined();
  });

  it('is none where effects are what nobody could describe', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const broken = { ...record, effects: { delay: { us: '1; rm -rf /' } } };
        expect(parseShapeRecord(JSON.stringify(broken))).toBeUndefined();
        expect(parseShapeRecord(JSON.stringify({ ...record, effects: { loss: { model: 'other' } } }))).toBeUndefined();
      }),
    );
  });
});
