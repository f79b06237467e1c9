// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import clearSchema from '../../../plugins-manifest/schemas/clear-report.v1.json' with { type: 'json' };
import listSchema from '../../../plugins-manifest/schemas/shape-list.v1.json' with { type: 'json' };
import recordSchema from '../../../plugins-manifest/schemas/shape-record.v1.json' with { type: 'json' };
import reportSchema from '../../../plugins-manifest/schemas/shape-report.v1.json' with { type: 'json' };
import {
  shapeReasons,
  type ClearItem,
  type ClearOutcome,
  type ClearReport,
  type Effects,
  type EffectMeasurement,
  type ScopeWords,
  type ShapeList,
  type ShapeListItem,
  type ShapeRecord,
  type ShapeReport,
  type ShapeResult,
  type ShapeState,
} from '../../../src/model/shaping.js';
import { verdicts } from '../../../src/model/verdict.js';
import { anyRecord } from '../shaping/arbitrary-record.js';
import { record } from '../shaping/sample-record.js';
import { optional, required, type Keys } from '../keys.js';
import { validatorOf } from '../validator.js';

const [validReport, validList, validClear] = [reportSchema, listSchema, clearSchema].map((each) =>
  validatorOf(each, recordSchema),
);

const states: Record<ShapeState, true> = {
  active: true,
  expired: true,
  'tool container gone': true,
  gone: true,
  unknown: true,
};
const outcomes: Record<ClearOutcome, true> = {
  cleared: true,
  wouldClear: true,
  nothingToClear: true,
  gone: true,
  failed: true,
};
const measures: Record<EffectMeasurement['what'], true> = {
  rttMs: true,
  connectMs: true,
  lossPercent: true,
  rateBitsPerSecond: true,
};

const shapeRecord: Keys<ShapeRecord> = {
  token: required,
  caller: optional,
  reason: optional,
  interface: required,
  direction: required,
  effects: required,
  scope: required,
  container: required,
  startedAt: required,
  endsAt: required,
  podIPs: required,
};
const effects: Keys<Effects> = {
  delay: optional,
  loss: optional,
  duplicate: optional,
  corrupt: optional,
  reorder: optional,
  rateBitsPerSecond: optional,
  limitPackets: optional,
  slot: optional,
  partition: optional,
};
const scope: Keys<ScopeWords> = {
  peers: required,
  exclude: required,
  ports: required,
  sourcePorts: required,
  destinationPorts: required,
  protocol: optional,
};
const list: Keys<ShapeList> = { apiVersion: required, kind: required, items: required };
const place = { namespace: required, pod: required, node: required } as const;
const listItem: Keys<ShapeListItem> = {
  ...place,
  state: required,
  shape: required,
  packets: optional,
  droppedPackets: optional,
  endsInSeconds: optional,
};
const clear: Keys<ClearReport> = { apiVersion: required, kind: required, dryRun: required, items: required };
const clearItem: Keys<ClearItem> = { ...place, outcome: required, message: required, shape: optional };
const report: Keys<ShapeReport> = {
  apiVersion: required,
  kind: required,
  startedAt: required,
  durationMs: required,
  dryRun: required,
  warnings: required,
  results: required,
};
const result: Keys<ShapeResult> = {
  ...place,
  id: required,
  verdict: required,
  reason: required,
  message: required,
  hint: optional,
  shape: optional,
  by: optional,
  measurements: required,
  unmeasured: optional,
  packets: optional,
  droppedPackets: optional,
  clearedAt: optional,
};
const measurement: Keys<EffectMeasurement> = {
  what: required,
  destination: required,
  before: optional,
  during: optional,
  expected: required,
  agrees: required,
};

describe('the schemas of shaping', () => {
  it.each([
    ['ShapeRecord', recordSchema, shapeRecord],
    ['Effects', recordSchema.$defs.effects, effects],
    ['ScopeWords', recordSchema.$defs.scope, scope],
    ['ShapeList', listSchema, list],
    ['ShapeListItem', listSchema.$defs.item, listItem],
    ['ClearReport', clearSchema, clear],
    ['ClearItem', clearSchema.$defs.item, clearItem],
    ['ShapeReport', reportSchema, report],
    ['ShapeResult', reportSchema.$defs.result, result],
    ['EffectMeasurement', reportSchema.$defs.measurement, measurement],
  ])('know the same keys as %s and no others', (_, object, keys) => {
    const needed = Object.entries(keys).flatMap(([key, need]) => (need === required ? [key] : []));
    expect(Object.keys(object.properties).sort()).toEqual(Object.keys(keys).sort());
    expect([...object.required].sort()).toEqual(needed.sort());
    expect(object.additionalProperties).toBe(false);
  });

  it('have the closed lists of the model', () => {
    expect(listSchema.$defs.item.properties.state.enum).toEqual(Object.keys(states));
    expect(clearSchema.$defs.item.properties.outcome.enum).toEqual(Object.keys(outcomes));
    expect(reportSchema.$defs.result.properties.reason.enum).toEqual([...shapeReasons]);
    expect(reportSchema.$defs.result.properties.verdict.enum).toEqual([...verdicts]);
    expect(reportSchema.$defs.measurement.properties.what.enum).toEqual(Object.keys(measures));
  });

  it('accept any record in each of the objects', () => {
    const apiVersion = 'netmachinery.io/v1';
    const pod = { namespace: 'shop', pod: 'web', node: 'node1' };
    fc.assert(
      fc.property(anyRecord, (shape) => {
        const item: ShapeListItem = { ...pod, state: 'active', shape, packets: 1, droppedPackets: 0, endsInSeconds: 3 };
        const cleared: ClearItem = { ...pod, outcome: 'cleared', message: 'done', shape };
        const listed: ShapeList = { apiVersion, kind: 'ShapeList', items: [item] };
        const clearance: ClearReport = { apiVersion, kind: 'ClearReport', dryRun: 'none', items: [cleared] };
        const shaped: ShapeReport = {
          apiVersion,
          kind: 'ShapeReport',
          startedAt: shape.startedAt,
          durationMs: 5,
          dryRun: 'none',
          warnings: [],
          results: [{ ...pod, id: 's1', verdict: 'pass', reason: 'Verified', message: '', shape, measurements: [] }],
        };
        for (const [validate, value] of [
          [validList, listed],
          [validClear, clearance],
          [validReport, shaped],
        ] as const) {
          expect(validate?.(value), JSON.stringify(validate?.errors)).toBe(true);
        }
      }),
    );
  });

  it('refuse what is unknown', () => {
    const item = { namespace: 'shop', pod: 'web', node: 'node1', state: 'active', shape: record };
    const of = (each: object) => ({ apiVersion: 'netmachinery.io/v1', kind: 'ShapeList', items: [each] });
    expect(validList?.(of(item))).toBe(true);
    expect(validList?.(of({ ...item, state: 'over' }))).toBe(false);
    expect(validList?.(of({ ...item, shape: { ...record, effects: {} } }))).toBe(false);
    expect(validList?.(of({ ...item, shape: { ...record, extra: 1 } }))).toBe(false);
  });
});
