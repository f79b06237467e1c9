// SPDX-License-Identifier: Apache-2.0
import {
  agentNetworks,
  checkFailures,
  checkProbes,
  type AgentIdentity,
  type AgentInterface,
  type AgentReport,
  type CheckFailure,
  type ProbeValue,
  type TargetKind,
  type TargetOutcome,
  type TargetVia,
} from '../../model/check.js';
import { listOf, numberOf, objectOf, parsedObject, textOf, wholeOf, wordOf, wrong, type Fields } from './shape.js';

const networks = new Set(agentNetworks);
const failures = new Set<string>(checkFailures);
const kinds = new Set<TargetKind>(['agent', 'server', 'api', 'dns', 'external', 'url']);
const vias = new Set<TargetVia>(['name', 'virtual', 'endpoint']);
const longestMs = 24 * 60 * 60 * 1000;

/** The body of POST /api/v2/agents/POD. Throws Failure(usage). */
export function readReport(text: string): AgentReport {
  return reportOf(parsedObject(text, 'the body'), 'the body');
}

/** An AgentReport of parsed JSON, without what it has beside. Throws Failure(usage). */
export function reportOf(value: unknown, place: string): AgentReport {
  const fields = objectOf(value, place);
  if (fields['apiVersion'] !== 'netmachinery.io/v1') throw wrong('apiVersion', 'netmachinery.io/v1');
  if (fields['kind'] !== 'CheckAgentReport') throw wrong('kind', 'CheckAgentReport');
  const resolver = objectOf(fields['resolver'], 'resolver');
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CheckAgentReport',
    agent: identityOf(objectOf(fields['agent'], 'agent')),
    intervalMs: numberOf(fields['intervalMs'], 'intervalMs', 1, longestMs),
    payloadEntries: numberOf(fields['payloadEntries'], 'payloadEntries', 0, 1e7),
    hostDate: dateOf(fields['hostDate'], 'hostDate'),
    startedAt: dateOf(fields['startedAt'], 'startedAt'),
    durationMs: numberOf(fields['durationMs'], 'durationMs'),
    uptimeSeconds: numberOf(fields['uptimeSeconds'], 'uptimeSeconds'),
    kernel: textOf(fields['kernel'], 'kernel'),
    interfaces: listOf(fields['interfaces'], 'interfaces', 4096, interfaceOf),
    resolver: {
      nameservers: listOf(resolver['nameservers'], 'resolver.nameservers', 64, (each) => textOf(each, 'a nameserver')),
      search: listOf(resolver['search'], 'resolver.search', 64, (each) => textOf(each, 'a search domain')),
    },
    outcomes: listOf(fields['outcomes'], 'outcomes', 20_000, outcomeOf),
    ...(fields['heard'] === undefined ? {} : { heard: listOf(fields['heard'], 'heard', 20_000, heardOf) }),
  };
}

function identityOf(fields: Fields): AgentIdentity {
  return {
    node: textOf(fields['node'], 'agent.node', 253),
    network: wordOf(fields['network'], 'agent.network', networks),
    namespace: textOf(fields['namespace'], 'agent.namespace', 63),
    pod: textOf(fields['pod'], 'agent.pod', 253),
    ips: listOf(fields['ips'], 'agent.ips', 16, (each) => textOf(each, 'an address of agent.ips', 64)),
  };
}

function dateOf(value: unknown, place: string): string {
  const text = textOf(value, place, 64);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(Date.parse(text)))
    throw wrong(place, 'a time as RFC 3339 has it');
  return text;
}

function interfaceOf(value: unknown): AgentInterface {
  const fields = objectOf(value, 'an interface');
  const count = (name: string): number => wholeOf(fields[name], `${name} of an interface`);
  return {
    name: textOf(fields['name'], 'name of an interface', 64),
    mtu: count('mtu'),
    addresses: listOf(fields['addresses'], 'addresses of an interface', 1024, (each) => textOf(each, 'an address', 64)),
    rxErrors: count('rxErrors'),
    txErrors: count('txErrors'),
    rxDropped: count('rxDropped'),
    txDropped: count('txDropped'),
  };
}

function heardOf(value: unknown): NonNullable<AgentReport['heard']>[number] {
  const fields = objectOf(value, 'an entry of heard');
  return {
    address: textOf(fields['address'], 'address of heard', 64),
    udp: wholeOf(fields['udp'], 'udp of heard'),
    tcp: wholeOf(fields['tcp'], 'tcp of heard'),
  };
}

function outcomeOf(value: unknown): TargetOutcome {
  const fields = objectOf(value, 'an outcome');
  const found = objectOf(fields['values'], 'values of an outcome');
  const outcome: TargetOutcome = { kind: wordOf(fields['kind'], 'kind of an outcome', kinds), values: {} };
  for (const probe of checkProbes) {
    const each = found[probe];
    if (each !== undefined) outcome.values[probe] = valueOf(each);
  }
  for (const name of ['node', 'pod', 'address', 'host', 'url', 'detail'] as const) {
    const each = fields[name];
    if (each !== undefined) outcome[name] = textOf(each, `${name} of an outcome`, 4096);
  }
  const { network, via, port, tls, mtuBytes } = fields;
  if (network !== undefined) outcome.network = wordOf(network, 'network of an outcome', networks);
  if (via !== undefined) outcome.via = wordOf(via, 'via of an outcome', vias);
  if (port !== undefined) outcome.port = numberOf(port, 'port of an outcome', 0, 65_535);
  if (mtuBytes !== undefined) outcome.mtuBytes = numberOf(mtuBytes, 'mtuBytes of an outcome', 0, 1e6);
  if (tls !== undefined) outcome.tls = tls === true;
  return outcome;
}

function valueOf(value: unknown): ProbeValue {
  if (typeof value === 'string' && failures.has(value)) return value as CheckFailure;
  return numberOf(value, 'a value of an outcome', 0, longestMs);
}
