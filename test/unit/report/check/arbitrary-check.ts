// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import {
  agentNetworks,
  findingKinds,
  type CheckAgent,
  type CheckCell,
  type CheckFinding,
  type CheckNode,
  type CheckOutage,
  type CheckReport,
  type CheckService,
} from '../../../../src/model/check.js';
import { verdicts } from '../../../../src/model/verdict.js';
import { checkOf } from './sample-checks.js';

/** Texts that no API server would let through, but that programs in other people's pods may say. */
export const hostileTexts = [
  '\u001b[2J\u001b]0;owned\u0007x',
  '\u009b31mred',
  'a\r\nb',
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "]]></failure><failure message='x'/>",
  '\ud800lone\udfff \ufffe\uffff\u0000\u0008',
  '👩‍👩‍👧‍👦 \u202egnp.exe',
  '日本語のとても長い名前のノード'.repeat(4),
  '',
];
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(...hostileTexts),
);
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('node1', 'node2', 'ip-10-0-17-101.eu-central-1.compute.internal') },
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/),
  text,
);
const ms = fc.double({ min: 0, max: 60_000, noNaN: true }).map(Math.abs);
const count = fc.nat({ max: 100_000 });
const date = fc
  .date({ min: new Date(0), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((each) => each.toISOString());
const verdict = fc.constantFrom(...verdicts);
const state = fc.constantFrom('OK', 'Outdated', 'Absent');
const network = fc.constantFrom(...agentNetworks);
const names = fc.array(name, { maxLength: 4 });

const agent = fc.record<CheckAgent, 'network' | 'state'>(
  {
    network,
    state,
    cause: text,
    pod: name,
    lastReport: date,
    lags: fc.boolean(),
    kernel: text,
    uptimeSeconds: ms,
    clockSkewMs: fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((each) => each + 0),
    interfaces: fc.array(
      fc.record({
        name: text,
        mtu: count,
        addresses: fc.array(text, { maxLength: 2 }),
        rxErrors: count,
        txErrors: count,
        rxDropped: count,
        txDropped: count,
      }),
      { maxLength: 2 },
    ),
    resolver: fc.record({ nameservers: fc.array(text, { maxLength: 2 }), search: fc.array(text, { maxLength: 2 }) }),
  },
  { requiredKeys: ['network', 'state'] },
);
const node = fc.record<CheckNode, 'name' | 'state' | 'agents'>(
  { name, state, agents: fc.array(agent, { maxLength: 2 }), condition: text },
  { requiredKeys: ['name', 'state', 'agents'] },
);
const cell = fc.record<CheckCell, 'source' | 'destination' | 'verdict' | 'sent' | 'failed'>(
  { source: name, destination: name, verdict, sent: count, failed: count, p50Ms: ms, p95Ms: ms, maxMs: ms },
  { requiredKeys: ['source', 'destination', 'verdict', 'sent', 'failed'] },
);
const service = fc.record<CheckService, 'kind' | 'label' | 'verdict' | 'sent' | 'failed' | 'failedFrom'>(
  {
    kind: fc.constantFrom('server', 'api', 'dns', 'external', 'url'),
    label: text,
    verdict,
    sent: count,
    failed: count,
    failedFrom: names,
    p50Ms: ms,
    maxMs: ms,
  },
  { requiredKeys: ['kind', 'label', 'verdict', 'sent', 'failed', 'failedFrom'] },
);
const finding = fc.record<CheckFinding, 'kind' | 'severity' | 'nodes' | 'message' | 'failed'>(
  {
    kind: fc.constantFrom(...findingKinds),
    severity: fc.constantFrom('failure', 'warning', 'unknown'),
    nodes: names,
    message: text,
    hint: text,
    failed: count,
  },
  { requiredKeys: ['kind', 'severity', 'nodes', 'message', 'failed'] },
);
const outage = fc.record<CheckOutage, 'node' | 'network' | 'state' | 'from'>(
  { node: name, network, state: fc.constantFrom('Outdated', 'Absent'), from: date, to: date, cause: text },
  { requiredKeys: ['node', 'network', 'state', 'from'] },
);

/** Any report that keeps the contract, its verdict and summary those of its parts. */
export const anyCheck: fc.Arbitrary<CheckReport> = fc
  .record(
    {
      mode: fc.constantFrom('once', 'installed'),
      startedAt: date,
      durationMs: ms,
      settings: fc.record(
        {
          intervalMs: fc.integer({ min: 1, max: 3_600_000 }),
          neighbours: count,
          payloadEntries: count,
          externalName: text,
          urls: fc.array(text, { maxLength: 2 }),
        },
        { requiredKeys: ['intervalMs', 'neighbours', 'payloadEntries', 'urls'] },
      ),
      payloadBytes: count,
      warnings: fc.array(text, { maxLength: 3 }),
      nodes: fc.array(node, { maxLength: 5 }),
      matrix: fc.array(cell, { maxLength: 8 }),
      services: fc.array(service, { maxLength: 5 }),
      findings: fc.array(finding, { maxLength: 5 }),
      outages: fc.array(outage, { maxLength: 7 }),
      legacyApi: fc.boolean(),
    },
    { requiredKeys: ['nodes', 'matrix', 'services', 'findings', 'outages'] },
  )
  .map((parts) => checkOf(parts as Partial<CheckReport>));
