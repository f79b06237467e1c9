// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import {
  agentNetworks,
  checkFailures,
  checkProbes,
  type AgentReport,
  type TargetOutcome,
} from '../../../../src/model/check.js';

const text = fc.string({ maxLength: 60 });
const whole = fc.nat();
const time = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const ms = fc.double({ min: 0, max: 60_000, noNaN: true });
const value = fc.oneof(ms, fc.constantFrom(...checkFailures));

const outcome: fc.Arbitrary<TargetOutcome> = fc.record(
  {
    kind: fc.constantFrom('agent', 'server', 'api', 'dns', 'external', 'url'),
    values: fc.record(Object.fromEntries(checkProbes.map((probe) => [probe, value])), { requiredKeys: [] }),
    node: text,
    network: fc.constantFrom(...agentNetworks),
    pod: text,
    via: fc.constantFrom('name', 'virtual', 'endpoint'),
    address: text,
    host: text,
    port: fc.nat(65_535),
    tls: fc.boolean(),
    url: text,
    mtuBytes: fc.nat(65_535),
    detail: text,
  },
  { requiredKeys: ['kind', 'values'] },
);

/** Any report that an agent may send. */
export const anyReport: fc.Arbitrary<AgentReport> = fc.record(
  {
    apiVersion: fc.constant('netmachinery.io/v1'),
    kind: fc.constant('CheckAgentReport'),
    agent: fc.record({
      node: text,
      network: fc.constantFrom(...agentNetworks),
      namespace: text,
      pod: text,
      ips: fc.array(text, { maxLength: 4 }),
    }),
    intervalMs: fc.integer({ min: 1, max: 86_400_000 }),
    payloadEntries: fc.nat(1_000_000),
    hostDate: time,
    startedAt: time,
    durationMs: ms,
    uptimeSeconds: ms,
    kernel: text,
    interfaces: fc.array(
      fc.record({
        name: text,
        mtu: whole,
        addresses: fc.array(text, { maxLength: 3 }),
        rxErrors: whole,
        txErrors: whole,
        rxDropped: whole,
        txDropped: whole,
      }),
      { maxLength: 3 },
    ),
    resolver: fc.record({
      nameservers: fc.array(text, { maxLength: 3 }),
      search: fc.array(text, { maxLength: 3 }),
    }),
    outcomes: fc.array(outcome, { maxLength: 6 }),
    heard: fc.array(fc.record({ address: text, udp: whole, tcp: whole }), { maxLength: 3 }),
  },
  {
    requiredKeys: [
      'apiVersion',
      'kind',
      'agent',
      'intervalMs',
      'payloadEntries',
      'hostDate',
      'startedAt',
      'durationMs',
      'uptimeSeconds',
      'kernel',
      'interfaces',
      'resolver',
      'outcomes',
    ],
  },
);

/** A report of this pod of an agent with these outcomes. */
export function reportWith(outcomes: TargetOutcome[], pod = 'agent-1'): AgentReport {
  const now = '2026-01-02T03:04:05.000Z';
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CheckAgentReport',
    agent: { node: 'node1', network: 'pod', namespace: 'netmachinery-check', pod, ips: ['198.18.7.7'] },
    intervalMs: 15_000,
    payloadEntries: 1500,
    hostDate: now,
    startedAt: now,
    durationMs: 12,
    uptimeSeconds: 100,
    kernel: '6.1.0',
    interfaces: [],
    resolver: { nameservers: [], search: [] },
    outcomes,
  };
}
