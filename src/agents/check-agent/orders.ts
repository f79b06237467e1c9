// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../../errors/failure.js';
import {
  agentNetworks,
  checkProbes,
  type AgentNetwork,
  type AgentOrders,
  type CheckProbe,
  type CheckSettings,
  type CheckTarget,
  type TargetKind,
  type TargetVia,
} from '../../model/check.js';
import { mostPayloadBytes } from './servers/agent-server.js';

/** Of orders as JSON; those for 1,000 nodes that probe all are a tenth of it. */
export const mostOrdersBytes = 16 * 1024 * 1024;
const mostTargets = 20_000;
const shortestIntervalMs = 1000;
const longestIntervalMs = 24 * 60 * 60 * 1000;

const kinds = ['agent', 'server', 'api', 'dns', 'external', 'url'] as const satisfies readonly TargetKind[];
const vias = ['name', 'virtual', 'endpoint'] as const satisfies readonly TargetVia[];

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads orders as the server or the command line sends them. Kinds of targets and probes that this agent does not know are left out:
 * whoever sends them may be newer. Throws Failure(usage), naming the field.
 */
export function agentOrders(text: string): AgentOrders {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new Failure('usage', 'the orders are not JSON', { cause });
  }
  const { settings, targets } = fields(read, 'orders');
  if (!Array.isArray(targets) || targets.length > mostTargets)
    throw wrong('targets', `a list of at most ${mostTargets}`);
  return {
    settings: checkSettings(fields(settings, 'settings')),
    targets: targets.flatMap((one) => checkTarget(fields(one, 'target'))),
  };
}

function checkSettings(from: Fields): CheckSettings {
  const { externalName, urls } = from;
  return {
    intervalMs: whole(from, 'intervalMs', shortestIntervalMs, longestIntervalMs),
    neighbours: whole(from, 'neighbours', 0, 1_000_000),
    payloadEntries: whole(from, 'payloadEntries', 0, Math.floor((mostPayloadBytes - 1) / 2)),
    ...(typeof externalName === 'string' ? { externalName } : {}),
    urls: Array.isArray(urls) ? urls.filter((url) => typeof url === 'string') : [],
  };
}

function checkTarget(from: Fields): CheckTarget[] {
  const kind = kinds.find((known) => known === from['kind']);
  const probes = from['probes'];
  if (!Array.isArray(probes)) throw wrong('probes', 'a list');
  if (kind === undefined) return [];
  const address = word(from, 'address');
  if (address !== undefined && isIP(address) === 0) throw wrong('address', 'an IP address');
  const network: AgentNetwork | undefined = agentNetworks.find((known) => known === from['network']);
  const via = vias.find((known) => known === from['via']);
  const target: Record<keyof CheckTarget, unknown> = {
    kind,
    node: word(from, 'node'),
    network,
    pod: word(from, 'pod'),
    via,
    address,
    host: word(from, 'host'),
    port: from['port'] === undefined ? undefined : whole(from, 'port', 1, 65_535),
    tls: from['tls'] === true ? true : undefined,
    url: word(from, 'url'),
    probes: checkProbes.filter((known): known is CheckProbe => probes.includes(known)),
  };
  return [
    Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined)) as unknown as CheckTarget,
  ];
}

function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object');
  return value as Fields;
}

function word(from: Fields, name: string): string | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > 4096) throw wrong(name, 'a short text');
  return value;
}

function whole(from: Fields, name: string, least: number, most: number): number {
  const value = from[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(name, `a whole number from ${least} to ${most}`);
}

function wrong(name: string, must: string): Failure {
  return new Failure('usage', `the orders' ${name} must be ${must}`);
}
