// SPDX-License-Identifier: Apache-2.0
import type { TargetKind, TargetOutcome } from '../model/check.js';

const kindNames: Readonly<Record<Exclude<TargetKind, 'agent' | 'url'>, string>> = {
  server: 'server',
  api: 'API server',
  dns: 'DNS',
  external: 'external name',
};

/** One thing that is checked beside agents: `server by name`, `DNS 198.18.1.7 (coredns-abc on node1)`, ... */
export function serviceLabel(outcome: Omit<TargetOutcome, 'values'>): string {
  const { kind, via, host = '', address = '', url = '' } = outcome;
  if (kind === 'url') return `URL ${url}`;
  const name = kind === 'agent' ? 'agent' : kindNames[kind];
  if (via === 'name') return `${name} by name ${host}`;
  if (kind === 'external') return `${name} ${host} by DNS ${address} (${whose(outcome)})`;
  return `${name} ${address} (${whose(outcome)})`;
}

/** `virtual address`, `coredns-abc on node1`, `endpoint`. */
function whose({ via, pod, node }: Omit<TargetOutcome, 'values'>): string {
  if (via === 'virtual') return 'virtual address';
  const where = node === undefined ? '' : ` on ${node}`;
  return `${pod ?? 'endpoint'}${where}`;
}

/** The short name of the Service that an outcome is about: `kubernetes`, `netmachinery-check-server`, `DNS`. */
export function serviceName({ kind, host }: Omit<TargetOutcome, 'values'>): string {
  if (kind === 'dns' || kind === 'external') return 'DNS';
  return host?.split('.')[0] ?? (kind === 'api' ? 'the API server' : 'the server');
}

/** `DNS pod coredns-abc (198.18.1.7, on node1)`, `endpoint 198.18.0.7 (on node1)`. */
export function endpointWords(outcomes: readonly Omit<TargetOutcome, 'values'>[], noun: string): string {
  const pod = outcomes.find((outcome) => outcome.pod !== undefined)?.pod;
  const node = outcomes.find((outcome) => outcome.node !== undefined)?.node;
  const addresses = [...new Set(outcomes.flatMap(({ address }) => address ?? []))].sort();
  const inside = [...(pod === undefined ? [] : addresses), ...(node === undefined ? [] : [`on ${node}`])].join(', ');
  return `${noun} ${pod ?? addresses.join(', ')}${inside === '' ? '' : ` (${inside})`}`;
}
