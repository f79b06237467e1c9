// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import schema from '../../../../plugins-manifest/schemas/check.v1.json' with { type: 'json' };
import {
  agentNetworks,
  findingKinds,
  type AgentInterface,
  type AgentReport,
  type AgentState,
  type CheckAgent,
  type CheckCell,
  type CheckFinding,
  type CheckNode,
  type CheckOutage,
  type CheckReport,
  type CheckService,
  type CheckSettings,
} from '../../../../src/model/check.js';
import { verdicts } from '../../../../src/model/verdict.js';
import { renderCheck } from '../../../../src/report/check/render-check.js';
import { optional, required, summaryKeys, type Keys } from '../../keys.js';
import { anyCheck } from './arbitrary-check.js';
import { empty, healthy, manyNodes, oneDirection } from './sample-checks.js';
import { validatorOf } from '../../validator.js';

const isValid = validatorOf(schema);
const options = { width: 80, color: false, headers: true };

const report: Keys<CheckReport> = {
  apiVersion: required,
  kind: required,
  mode: required,
  startedAt: required,
  durationMs: required,
  settings: required,
  payloadBytes: required,
  verdict: required,
  summary: required,
  warnings: required,
  nodes: required,
  matrix: required,
  services: required,
  findings: required,
  outages: required,
  legacyApi: optional,
};
const settings: Keys<CheckSettings> = {
  intervalMs: required,
  neighbours: required,
  payloadEntries: required,
  externalName: optional,
  urls: required,
};
const node: Keys<CheckNode> = { name: required, state: required, agents: required, condition: optional };
const agent: Keys<CheckAgent> = {
  network: required,
  state: required,
  cause: optional,
  pod: optional,
  lastReport: optional,
  lags: optional,
  kernel: optional,
  uptimeSeconds: optional,
  clockSkewMs: optional,
  interfaces: optional,
  resolver: optional,
};
const agentInterface: Keys<AgentInterface> = {
  name: required,
  mtu: required,
  addresses: required,
  rxErrors: required,
  txErrors: required,
  rxDropped: required,
  txDropped: required,
};
const resolver: Keys<AgentReport['resolver']> = { nameservers: required, search: required };
const cell: Keys<CheckCell> = {
  source: required,
  destination: required,
  verdict: required,
  sent: required,
  failed: required,
  p50Ms: optional,
  p95Ms: optional,
  maxMs: optional,
};
const service: Keys<CheckService> = {
  kind: required,
  label: required,
  verdict: required,
  sent: required,
  failed: required,
  failedFrom: required,
  p50Ms: optional,
  maxMs: optional,
};
const finding: Keys<CheckFinding> = {
  kind: required,
  severity: required,
  nodes: required,
  message: required,
  hint: optional,
  failed: required,
};
const outage: Keys<CheckOutage> = {
  node: required,
  network: required,
  state: required,
  from: required,
  to: optional,
  cause: optional,
};
const states: Record<AgentState, true> = { OK: true, Outdated: true, Absent: true };
const severities: Record<CheckFinding['severity'], true> = { failure: true, warning: true, unknown: true };
const kinds: Record<CheckService['kind'], true> = { server: true, api: true, dns: true, external: true, url: true };
const modes: Record<CheckReport['mode'], true> = { once: true, installed: true };

describe('the schema of a check report', () => {
  const { $defs } = schema;

  it.each([
    ['CheckReport', schema, report],
    ['CheckSettings', $defs.settings, settings],
    ['Summary', $defs.summary, summaryKeys],
    ['CheckNode', $defs.node, node],
    ['CheckAgent', $defs.agent, agent],
    ['AgentInterface', $defs.interface, agentInterface],
    ['resolver', $defs.resolver, resolver],
    ['CheckCell', $defs.cell, cell],
    ['CheckService', $defs.service, service],
    ['CheckFinding', $defs.finding, finding],
    ['CheckOutage', $defs.outage, outage],
  ])('knows the same keys as %s and no others', (_, object, keys) => {
    const needed = Object.entries(keys).flatMap(([key, need]) => (need === required ? [key] : []));
    expect(Object.keys(object.properties).sort()).toEqual(Object.keys(keys).sort());
    expect([...object.required].sort()).toEqual(needed.sort());
    expect(object.additionalProperties).toBe(false);
  });

  it('has the closed lists of the model', () => {
    expect($defs.verdict.enum).toEqual([...verdicts]);
    expect($defs.network.enum).toEqual([...agentNetworks]);
    expect($defs.finding.properties.kind.enum).toEqual([...findingKinds]);
    expect($defs.state.enum).toEqual(Object.keys(states));
    expect($defs.outage.properties.state.enum).toEqual(Object.keys(states).slice(1));
    expect($defs.finding.properties.severity.enum).toEqual(Object.keys(severities));
    expect($defs.service.properties.kind.enum).toEqual(Object.keys(kinds));
    expect(schema.properties.mode.enum).toEqual(Object.keys(modes));
  });

  it('accepts reports, and refuses what is unknown', () => {
    for (const each of [healthy, oneDirection, empty, manyNodes(30)])
      expect(isValid(each), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid({ ...healthy, mode: 'twice' })).toBe(false);
    expect(isValid({ ...healthy, matrix: [{ source: 'node1' }] })).toBe(false);
    expect(isValid({ ...healthy, more: 1 })).toBe(false);
  });

  it('accepts any report as it is printed, as JSON and as YAML', async () => {
    await fc.assert(
      fc.asyncProperty(anyCheck, async (each) => {
        const printed: unknown = JSON.parse(await renderCheck(each, 'json', options));
        expect(printed).toEqual(each);
        expect(isValid(printed), JSON.stringify(isValid.errors)).toBe(true);
        expect(load(await renderCheck(each, 'yaml', options))).toEqual(each);
      }),
      { numRuns: 60 },
    );
  });
});
