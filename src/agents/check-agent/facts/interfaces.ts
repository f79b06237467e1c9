// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import type { AgentInterface } from '../../../model/check.js';

/** sysfs: what kernel keeps of each interface of this network namespace. */
const sysfs = '/sys/class/net';
/** Bounds of a report; kube-proxy's kube-ipvs0 has an address for each Service. */
const mostInterfaces = 64;
const mostAddresses = 16;

type Addresses = Readonly<Record<string, Pick<NetworkInterfaceInfo, 'cidr' | 'address'>[] | undefined>>;

/**
 * Interfaces that have addresses of more than the link, or are devices: on a node, not each pod's end of a cable. Numbers
 * that cannot be read are 0.
 */
export function agentInterfaces(folder: string = sysfs, addresses: Addresses = networkInterfaces()): AgentInterface[] {
  return namesIn(folder, addresses)
    .filter((name) => name !== 'lo')
    .map((name) => ({ name, known: (addresses[name] ?? []).filter(({ address }) => !isOfLink(address)) }))
    .filter(({ name, known }) => known.length > 0 || existsSync(join(folder, name, 'device')))
    .slice(0, mostInterfaces)
    .map(({ name, known }) => ({
      name,
      mtu: interfaceMtu(name, folder) ?? 0,
      addresses: known.slice(0, mostAddresses).map(({ cidr, address }) => cidr ?? address),
      rxErrors: numberIn(join(folder, name, 'statistics/rx_errors')) ?? 0,
      txErrors: numberIn(join(folder, name, 'statistics/tx_errors')) ?? 0,
      rxDropped: numberIn(join(folder, name, 'statistics/rx_dropped')) ?? 0,
      txDropped: numberIn(join(folder, name, 'statistics/tx_dropped')) ?? 0,
    }));
}

/** Undefined where it cannot be read. */
export function interfaceMtu(name: string, folder: string = sysfs): number | undefined {
  return numberIn(join(folder, name, 'mtu'));
}

/** A sandbox may have no sysfs. */
function namesIn(folder: string, addresses: Addresses): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return Object.keys(addresses).sort();
  }
}

function isOfLink(address: string): boolean {
  return /^fe[89ab]/i.test(address) || address.startsWith('169.254.');
}

/** Files of sysfs are read at once, not in the threads that names are resolved in (probes/names.ts). */
function numberIn(path: string): number | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}
