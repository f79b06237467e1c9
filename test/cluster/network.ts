// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { fileExists } from './file-exists.js';
import { benchmarkRanges, devices, node1, node2, node2Gateway, services } from './addresses.js';
import { hostPortTables, removeHostPortTables } from './host-ports.js';
import { changeKernelSettings, restoreKernelSettings } from './kernel-settings.js';
import type { ClusterPaths } from './paths.js';
import { runCommand, tryCommand } from './run-command.js';

/** The table that keeps packets of pods and nodes on this machine. */
const fence = 'netmachinery-test';

const inside = Object.values(devices)
  .map((device) => `"${device}"`)
  .join(', ');

const fenceRules = `
table inet ${fence} {
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname { ${inside} } oifname != { ${inside} } reject with icmpx no-route
  }
}
`;

/** Makes the device that holds node1's addresses, the routes, and the fence around the cluster. */
export async function setUpNetwork(paths: ClusterPaths): Promise<void> {
  // Connections between pods on one bridge must be seen by kube-proxy's rules; where it is a module, it may not be loaded.
  await tryCommand('modprobe', ['--all', 'br_netfilter', 'overlay', 'veth']);
  await changeKernelSettings(paths);
  const node = devices.node;
  const lines = [
    `link add ${node} type bridge`,
    `link set ${node} up`,
    `address add ${node1.ipv4}/24 dev ${node}`,
    // Without duplicate address detection, which never ends on a bridge that has no ports.
    `address add ${node1.ipv6}/64 dev ${node} nodad`,
    // kube-proxy translates these before they would leave; what it does not know stays on this machine.
    `route add ${services.ipv4} dev ${node}`,
    `route add ${services.ipv6} dev ${node}`,
    `route add unreachable ${benchmarkRanges.ipv4}`,
    `route add unreachable ${benchmarkRanges.ipv6}`,
  ];
  await runCommand('ip', ['-batch', '-'], { stdin: `${lines.join('\n')}\n` });
  await runCommand('nft', ['-f', '-'], { stdin: fenceRules });
}

/** Makes the tap device behind which node2 lies, and the routes to its pods. */
export async function setUpNode2Network(): Promise<void> {
  const tap = devices.node2Tap;
  const lines = [
    `tuntap add ${tap} mode tap`,
    `link set ${tap} up`,
    `address add ${node2Gateway.ipv4}/24 dev ${tap}`,
    `address add ${node2Gateway.ipv6}/64 dev ${tap} nodad`,
    `route add ${node2.podsIpv4} via ${node2.ipv4}`,
    `route add ${node2.podsIpv6} via ${node2.ipv6}`,
  ];
  await runCommand('ip', ['-batch', '-'], { stdin: `${lines.join('\n')}\n` });
}

/** Removes the device behind which node2 lies, and with it the routes through it. */
export async function tearDownNode2Network(): Promise<void> {
  const present = await presentDevices();
  if (present.includes(devices.node2Tap)) await runCommand('ip', ['link', 'delete', devices.node2Tap]);
}

const tables = [`inet ${fence}`, 'ip kube-proxy', 'ip6 kube-proxy'];

async function presentDevices(): Promise<string[]> {
  const present = new Set(await readdir('/sys/class/net'));
  return Object.values(devices).filter((device) => present.has(device));
}

async function presentTables(): Promise<string[]> {
  const listed = (await runCommand('nft', ['list', 'tables'])).split('\n').map((line) => line.replace(/^table /, ''));
  return tables.filter((table) => listed.includes(table));
}

async function presentRoutes(): Promise<{ family: string; range: string }[]> {
  const ranges = [
    { family: '-4', range: benchmarkRanges.ipv4 },
    { family: '-6', range: benchmarkRanges.ipv6 },
  ];
  const shown = ranges.map(({ family, range }) => runCommand('ip', [family, 'route', 'show', 'root', range]));
  const texts = await Promise.all(shown);
  return ranges.filter((_, index) => texts[index]?.includes('unreachable'));
}

/** A line for each device, route, table and setting of the cluster's that is there. */
export async function networkLeftovers(paths: ClusterPaths): Promise<string[]> {
  const changed = await fileExists(paths.kernelSettings);
  return [
    ...(await presentDevices()).map((device) => `device ${device}`),
    ...(await presentRoutes()).map(({ range }) => `route unreachable ${range}`),
    ...(await presentTables()).map((table) => `nft table ${table}`),
    ...(await hostPortTables()).map((family) => `nft table ${family} nat, with nothing but host ports of pods`),
    ...(changed ? ['kernel settings that were not put back'] : []),
  ];
}

/** Removes every device, route and table of the cluster's that is there, and puts the kernel's settings back. */
export async function tearDownNetwork(paths: ClusterPaths): Promise<void> {
  for (const device of await presentDevices()) await runCommand('ip', ['link', 'delete', device]);
  for (const { family, range } of await presentRoutes()) {
    await runCommand('ip', [family, 'route', 'delete', 'unreachable', range]);
  }
  for (const table of await presentTables()) await runCommand('nft', ['delete', 'table', ...table.split(' ')]);
  await removeHostPortTables();
  await restoreKernelSettings(paths);
}
