// SPDX-License-Identifier: Apache-2.0
import { readFile, realpath } from 'node:fs/promises';
import { agentPorts } from '../../src/model/check.js';
import { devices } from '../cluster/addresses.js';
import { ensureBuilds } from '../cluster/builds.js';
import { podProcesses } from '../cluster/cgroups.js';
import { startKubeProxy } from '../cluster/node1.js';
import { pathsBelow, testHome } from '../cluster/paths.js';
import { signalAll, stopProcesses } from '../cluster/processes.js';
import { runCommand, tryCommand } from '../cluster/run-command.js';
import { createReady, getPod, images, kubectl, podManifest } from '../e2e/kubectl.js';

/** What takes back something that was broken. */
export type Mend = () => Promise<void>;

const table = 'netmachinery-broken';

/**
 * Drops packets between node1 and node2 where they pass the device behind which node2 lies: after the kernel of node1 has sent
 * them (`out`, to node2) or before it has seen them (`in`), so that nobody is told.
 */
async function drop({ out = [], into = [] }: { out?: string[]; into?: string[] }): Promise<Mend> {
  const chain = (hook: 'egress' | 'ingress', rules: string[]) =>
    `chain ${hook} { type filter hook ${hook} device "${devices.node2Tap}" priority 0; policy accept;\n${rules
      .map((rule) => `${rule} drop\n`)
      .join('')}}`;
  const rules = `table netdev ${table} {\n${chain('egress', out)}\n${chain('ingress', into)}\n}\n`;
  await runCommand('nft', ['-f', '-'], { stdin: rules });
  return () => tryCommand('nft', ['delete', 'table', 'netdev', table]).then(() => undefined);
}

const port = agentPorts.installed;
/** All that agents of the two nodes say to each other, and nothing else: nodes, server and API server stay in touch. */
const agentPackets = [
  `tcp dport ${port}`,
  `tcp sport ${port}`,
  `udp dport ${port}`,
  `udp sport ${port}`,
  'ip protocol icmp',
  'icmpv6 type { echo-request, echo-reply }',
];

/** Packets of agents from node1 to node2, or the other way, are lost. */
export function loseDirection(from: 'node1' | 'node2'): Promise<Mend> {
  return drop(from === 'node1' ? { out: agentPackets } : { into: agentPackets });
}

/** As a NetworkPolicy would: one port of one protocol, both ways. */
export function loseUdp(): Promise<Mend> {
  const rules = [`udp dport ${port}`];
  return drop({ out: rules, into: rules });
}

/** The length of an Ethernet header, which nftables counts in. */
const headerBytes = 14;

/**
 * node1's side carries no more than `bytes` to node2, as where an MTU is lower there, and nobody is told (RFC 1191, RFC 8201): a
 * black hole for whoever does not fragment.
 */
export function loseLargePackets(bytes: number): Promise<Mend> {
  return drop({ out: [`meta length > ${bytes + headerBytes}`] });
}

/** The cable between the nodes is pulled: the device is there and its routes are, and nothing passes. */
export async function pullCable(): Promise<Mend> {
  await runCommand('ip', ['link', 'set', devices.node2Tap, 'carrier', 'off']);
  return () => runCommand('ip', ['link', 'set', devices.node2Tap, 'carrier', 'on']).then(() => undefined);
}

async function processesOf(namespace: string, pod: string): Promise<number[]> {
  const uid = (await getPod(namespace, pod)).metadata.uid ?? '';
  const all = await podProcesses();
  const cgroups = await Promise.all(all.map((pid) => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')));
  return all.filter((_, index) => cgroups[index]?.includes(uid) === true);
}

/** The processes of a pod of node1 do nothing any more, and are there. */
export async function stopPod(namespace: string, pod: string): Promise<Mend> {
  const pids = await processesOf(namespace, pod);
  if (pids.length === 0) throw new Error(`pod ${namespace}/${pod} has no processes on this machine`);
  signalAll(pids, 'SIGSTOP');
  return () => {
    signalAll(pids, 'SIGCONT');
    return Promise.resolve();
  };
}

/** The processes of a pod of node1 die at once; the kubelet starts its containers again. */
export async function crashPod(namespace: string, pod: string): Promise<void> {
  signalAll(await processesOf(namespace, pod), 'SIGKILL');
}

/** node1's kube-proxy ends and its rules are flushed: virtual addresses lead nowhere from there. */
export async function loseKubeProxy(): Promise<Mend> {
  const paths = pathsBelow(await realpath(testHome()));
  await stopProcesses(['kube-proxy'], 5000, paths);
  for (const family of ['ip', 'ip6']) await tryCommand('nft', ['delete', 'table', family, 'kube-proxy']);
  return async () => startKubeProxy(await ensureBuilds(paths, () => undefined), paths);
}

/** The clock of node2, a kernel of its own, goes wrong by so many seconds. */
export async function moveClock(namespace: string, seconds: number): Promise<Mend> {
  const securityContext = { capabilities: { add: ['SYS_TIME'] } };
  const containers = [{ name: 'main', image: images.busybox, command: ['sleep', '3600'], securityContext }];
  await createReady(namespace, podManifest('clock', { node: 'node2', spec: { containers } }));
  const set = async (epochSeconds: number): Promise<void> => {
    await kubectl(['exec', '-n', namespace, 'clock', '--', 'date', '-s', `@${Math.round(epochSeconds)}`]);
  };
  await set(Date.now() / 1000 + seconds);
  return () => set(Date.now() / 1000);
}
