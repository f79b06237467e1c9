// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../../errors/failure.js';
import { longestPeriodMs, shortestPeriodMs } from '../../model/prober.js';

/** One pod that may be probed. */
export interface Member {
  /** The key in the file: pod name, or `namespace/pod` where names collide. */
  key: string;
  namespace: string;
  pod: string;
  /** Empty where the file does not tell. */
  node: string;
  ip: string;
  port: number;
}

export interface PeerList {
  members: Member[];
  /** Milliseconds between two probes of the same destination. */
  periodMs: number;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads `{"endpointsMap": {KEY: {"ip", "port"}}, "pollingPeriod": NANOSECONDS}`, the format of k8s-network-prober, where
 * an endpoint may also tell `namespace`, `pod` and `node`. A key without a namespace is of `ownNamespace`.
 * Fields that we do not know are ignored: a sidecar lives longer than the controller that wrote its list.
 * Throws Failure(usage) that names the wrong field.
 */
export function readPeerList(text: string, ownNamespace: string): PeerList {
  const list = fields(parsed(text), 'the peer list');
  const period = list['pollingPeriod'];
  const periodMs = typeof period === 'number' ? period / 1e6 : NaN;
  if (!(periodMs >= shortestPeriodMs && periodMs <= longestPeriodMs))
    throw wrong('pollingPeriod', period, `must be nanoseconds, from ${shortestPeriodMs} ms to 24 h`);
  // Go writes an empty map that was never made as null.
  const endpoints = list['endpointsMap'] === null ? {} : fields(list['endpointsMap'], 'endpointsMap');
  const members = Object.entries(endpoints).map(([key, value]) => member(key, value, ownNamespace));
  const seen = new Map<string, string>();
  for (const each of members) {
    const name = memberName(each);
    const other = seen.get(name);
    if (other !== undefined)
      throw new Failure('usage', `endpointsMap has pod ${name} twice, as "${other}" and as "${each.key}"`);
    seen.set(name, each.key);
  }
  return { members, periodMs };
}

/** The name on the ring, unique within a list. */
export function memberName(member: { namespace: string; pod: string }): string {
  return `${member.namespace}/${member.pod}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Failure('usage', `the peer list is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function member(key: string, value: unknown, ownNamespace: string): Member {
  const at = `endpointsMap["${key}"]`;
  const endpoint = fields(value, at);
  const ip = endpoint['ip'];
  // A zone (fe80::1%eth0) would be one of the writer's interfaces, not of ours.
  if (typeof ip !== 'string' || isIP(ip) === 0 || ip.includes('%'))
    throw wrong(`${at}.ip`, ip, 'must be an IPv4 or IPv6 address');
  const port = endpoint['port'];
  const number = typeof port === 'string' && /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw wrong(`${at}.port`, port, 'must be a string with a number from 1 to 65535');
  const [, keyNamespace, keyPod] = /^(?:([^/]+)\/)?([^/]+)$/.exec(key) ?? [];
  if (keyPod === undefined) throw new Failure('usage', `${at}: the key must be a pod's name, or namespace/pod`);
  return {
    key,
    namespace: optionalWord(endpoint, 'namespace', at) ?? keyNamespace ?? ownNamespace,
    pod: optionalWord(endpoint, 'pod', at) ?? keyPod,
    node: optionalWord(endpoint, 'node', at) ?? '',
    ip,
    port: number,
  };
}

function optionalWord(endpoint: Fields, name: string, at: string): string | undefined {
  const value = endpoint[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw wrong(`${at}.${name}`, value, 'must be a string');
  return value;
}

function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(name, value, 'must be an object');
  return value as Fields;
}

function wrong(name: string, value: unknown, demand: string): Failure {
  const shown = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60);
  return new Failure('usage', `${name} is ${shown}, but ${demand}`);
}
