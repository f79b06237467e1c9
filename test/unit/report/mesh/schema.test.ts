// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import schema from '../../../../plugins-manifest/schemas/mesh.v1.json' with { type: 'json' };
import {
  meshGroupings,
  type Mesh,
  type MeshMember,
  type MeshPair,
  type MeshReport,
} from '../../../../src/model/mesh.js';
import { probeProtocols } from '../../../../src/model/prober.js';
import type { RttMs } from '../../../../src/model/report.js';
import { optional, required, type Keys } from '../../keys.js';
import { fullMesh, member, pair, reportOf } from './sample-mesh.js';
import { validatorOf } from '../../validator.js';

const isValid = validatorOf(schema);

const report: Keys<MeshReport> = {
  apiVersion: required,
  kind: required,
  startedAt: required,
  durationMs: required,
  sinceMs: required,
  by: required,
  meshes: required,
};
const mesh: Keys<Mesh> = { name: required, periodMs: optional, members: required, pairs: required };
const meshMember: Keys<MeshMember> = {
  name: required,
  namespace: optional,
  pods: required,
  read: required,
  unread: required,
  message: optional,
  node: optional,
  left: optional,
};
const meshPair: Keys<MeshPair> = {
  source: required,
  destination: required,
  protocol: required,
  sent: required,
  failed: required,
  lossPercent: optional,
  failures: required,
  rttMs: optional,
};
const rttMs: Keys<RttMs> = {
  min: required,
  avg: required,
  p50: required,
  p95: optional,
  p99: optional,
  max: required,
  jitter: required,
};

describe('the schema of a mesh report', () => {
  it.each([
    ['MeshReport', schema, report],
    ['Mesh', schema.$defs.mesh, mesh],
    ['MeshMember', schema.$defs.member, meshMember],
    ['MeshPair', schema.$defs.pair, meshPair],
    ['RttMs', schema.$defs.rttMs, rttMs],
  ])('knows the same keys as %s and no others', (_, object, keys) => {
    const needed = Object.entries(keys).flatMap(([key, need]) => (need === required ? [key] : []));
    expect(Object.keys(object.properties).sort()).toEqual(Object.keys(keys).sort());
    expect([...object.required].sort()).toEqual(needed.sort());
    expect(object.additionalProperties).toBe(false);
  });

  it('has the closed lists of the model', () => {
    expect(schema.properties.by.enum).toEqual([...meshGroupings]);
    expect(schema.$defs.pair.properties.protocol.enum).toEqual([...probeProtocols]);
  });

  it('accepts reports, and refuses what is unknown', () => {
    const failing = pair('shop/a', 'shop/b', 1, { sent: 3, failed: 3 });
    const gone = member('shop/gone', { left: true, read: 0, message: 'no' });
    const found = reportOf(fullMesh(['shop/a', 'shop/b']), { name: 'shop/rtt', members: [gone], pairs: [failing] });
    expect(isValid(found), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid({ ...found, by: 'zone' })).toBe(false);
    expect(isValid(reportOf({ name: 'x', members: [], pairs: [{ ...failing, protocol: 'udp' as 'tcp' }] }))).toBe(
      false,
    );
  });
});
