// SPDX-License-Identifier: Apache-2.0
import { goList, goMap, goString, goStruct } from './go-json.js';

/** Names and their texts; Go's maps and slices may be nil, which is `null` in JSON. */
export type GoLists = ReadonlyMap<string, readonly string[] | null> | null;

/** Of one URL that an agent gets; times in ms. The names are those of the JSON. */
export interface ProbeResult {
  URL: string;
  /** 1: a connection was made. */
  ConnectionResult: number;
  /** 0: there was no answer. */
  HTTPCode: number;
  Total: number;
  ContentTransfer: number;
  TCPConnection: number;
  DNSLookup: number;
  Connect: number;
  ServerProcessing: number;
}

export const probeNumbers = [
  'ConnectionResult',
  'HTTPCode',
  'Total',
  'ContentTransfer',
  'TCPConnection',
  'DNSLookup',
  'Connect',
  'ServerProcessing',
] as const satisfies (keyof ProbeResult)[];

/** What a netchecker agent reports, and the spec of its object. */
export interface AgentSpec {
  /** Seconds. */
  reportInterval: number;
  nodename: string;
  podname: string;
  /** The agent's clock, RFC 3339. */
  hostdate: string;
  /** Seconds. */
  uptime: number;
  /** The server's clock at receipt, RFC 3339. */
  lastUpdated: string;
  /** Host names and their addresses. */
  nslookup: GoLists;
  networkProbes: readonly ProbeResult[] | null;
  /** Interfaces and their addresses in CIDR notation. */
  ips: GoLists;
}

/** The JSON of a spec, byte by byte as the seed's server writes it. */
export function specText(spec: AgentSpec): string {
  const lists = (map: GoLists): string => goMap(map, (list) => goList(list, goString));
  return goStruct([
    ['report_interval', String(spec.reportInterval)],
    ['nodename', goString(spec.nodename)],
    ['podname', goString(spec.podname)],
    ['hostdate', goString(spec.hostdate)],
    ['uptime', String(spec.uptime)],
    ['last_updated', goString(spec.lastUpdated)],
    ['nslookup', lists(spec.nslookup)],
    ['network_probes', goList(spec.networkProbes, probeText)],
    ['ips', lists(spec.ips)],
  ]);
}

function probeText(probe: ProbeResult): string {
  return goStruct([['URL', goString(probe.URL)], ...probeNumbers.map((name) => [name, String(probe[name])] as const)]);
}

/** The value of the label `agent` of the metrics. */
export function agentLabel({ nodename, podname }: Pick<AgentSpec, 'nodename' | 'podname'>): string {
  return `${nodename}-${podname.includes('hostnet') ? 'host_network' : 'private_network'}`;
}
