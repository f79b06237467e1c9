// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  Pod,
} from '../../src/kube/objects.js';
import { getPod, kubectl } from './kubectl.js';

/*
 * The bridge plugin of the test cluster enforces no NetworkPolicy. This does, for pods of node1, whose processes are this
 * machine's: real rules of nft(8) in the pods' own network namespaces. They end with the pods, and so with the namespace.
 * What selectors mean is asked of the API server and kubectl, and not of the code that is under test.
 */

/** What becomes of packets that nothing allows. */
export type Denial = 'drop' | 'reject';

const table = 'netmachinery-test-policy';

/** Runs nft(8) in the network namespace of a pod. */
async function nftInPod(namespace: string, pod: string, ruleset: string): Promise<void> {
  const pid = await processOf(await getPod(namespace, pod));
  await new Promise<void>((resolve, reject) => {
    const child = spawn('nsenter', ['--net', '--target', pid, 'nft', '-f', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`nft in ${namespace}/${pod}: ${stderr}\n${ruleset}`));
    });
    child.stdin.end(ruleset);
  });
}

/** A process of a container of the pod, by its cgroup. */
function processOf({ metadata, status }: Pod): Promise<string> {
  const ids = (status?.containerStatuses ?? []).map((each) => (each as { containerID?: string }).containerID ?? '');
  const id = ids.map((each) => each.split('//')[1] ?? '').find((each) => each !== '');
  const found = readdirSync('/proc').find((entry) => {
    if (!/^\d+$/.test(entry) || id === undefined) return false;
    try {
      return readFileSync(`/proc/${entry}/cgroup`, 'utf8').includes(id);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`no process of ${metadata.name} is on this machine: is it on node1?`);
  return Promise.resolve(found);
}

function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  if (matchExpressions.length > 0) throw new Error('this enforcement knows matchLabels only');
  return Object.entries(matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

async function listed<T>(...args: string[]): Promise<T[]> {
  return (JSON.parse(await kubectl(['get', ...args, '-o', 'json'])) as { items: T[] }).items;
}

function saddr(network: string, not = ''): string {
  return `${network.includes(':') ? 'ip6' : 'ip'} saddr ${not}${network}`;
}

/** The sources that a peer stands for now, in the words of nft(8); pods that come later are not among them. */
async function sourceMatches(peer: NetworkPolicyPeer, namespace: string): Promise<string[]> {
  const { ipBlock, podSelector, namespaceSelector } = peer;
  if (ipBlock !== undefined) {
    return [[saddr(ipBlock.cidr), ...(ipBlock.except ?? []).map((each) => saddr(each, '!= '))].join(' ')];
  }
  const namespaces =
    namespaceSelector === undefined
      ? [namespace]
      : (await listed<Pod>('namespaces', '-l', selectorText(namespaceSelector))).map(({ metadata }) => metadata.name);
  const pods = await Promise.all(
    namespaces.map((each) => listed<Pod>('pods', '-n', each, '-l', selectorText(podSelector))),
  );
  return pods.flat().flatMap(({ status }) => (status?.podIPs ?? []).map(({ ip }) => saddr(ip)));
}

function portMatch({ protocol = 'TCP', port, endPort }: NetworkPolicyPort, pod: Pod): string {
  const named = pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port);
  const number = typeof port === 'string' ? named?.containerPort : port;
  const transport = protocol.toLowerCase();
  if (number === undefined) return `meta l4proto ${transport}`;
  return `${transport} dport ${endPort === undefined ? number : `${number}-${endPort}`}`;
}

/** The matches of a rule, in the words of nft(8): each peer with each port. */
async function matchesOf(
  rule: { from?: NetworkPolicyPeer[]; ports?: NetworkPolicyPort[] },
  pod: Pod,
): Promise<string[]> {
  const { from = [], ports = [] } = rule;
  const found = await Promise.all(from.map((peer) => sourceMatches(peer, pod.metadata.namespace ?? '')));
  const sources = found.flat();
  const destinations = ports.map((port) => portMatch(port, pod));
  return (from.length === 0 ? [''] : sources).flatMap((source) =>
    (ports.length === 0 ? [''] : destinations).map((destination) => `${source} ${destination}`),
  );
}

/** One chain for what comes in, with these rules in their order; in the place of one that was there before. */
function inputChain(name: string, rules: readonly string[]): string {
  const chain = ['type filter hook input priority filter', 'policy accept', ...rules].map((each) => `    ${each}\n`);
  const owner = `table inet ${table}-${name}`;
  return `${owner}\ndelete ${owner}\n${owner} {\n  chain input {\n${chain.join('')}  }\n}\n`;
}

/** Lets in what matches, and of the rest of TCP and UDP nothing: policies do not speak of other protocols. */
function policyChain(matches: readonly string[], denial: Denial): string {
  const denied = {
    drop: ['meta l4proto { tcp, udp } drop'],
    reject: ['meta l4proto tcp reject with tcp reset', 'meta l4proto udp reject'],
  };
  const passing = ['iifname lo', 'ct state established,related', ...matches];
  return inputChain('policy', [...passing.map((each) => `${each} accept`), ...denied[denial]]);
}

/**
 * Enforces a namespace's NetworkPolicies for ingress, as they and the pods are now, in the pods that any of them selects.
 * Names the policies that count; none: all of the namespace.
 */
export async function enforceIngress(
  namespace: string,
  options: { denial?: Denial; policies?: readonly string[] } = {},
): Promise<void> {
  const { denial = 'drop', policies: wanted } = options;
  const all = await listed<NetworkPolicy>('networkpolicies', '-n', namespace);
  const policies = all.filter(
    ({ metadata, spec }) =>
      spec.policyTypes?.includes('Ingress') === true && (wanted === undefined || wanted.includes(metadata.name)),
  );
  const matches = new Map<string, string[]>();
  for (const { spec } of policies) {
    for (const pod of await listed<Pod>('pods', '-n', namespace, '-l', selectorText(spec.podSelector))) {
      const found = await Promise.all((spec.ingress ?? []).map((rule) => matchesOf(rule, pod)));
      matches.set(pod.metadata.name, [...(matches.get(pod.metadata.name) ?? []), ...found.flat()]);
    }
  }
  await Promise.all([...matches].map(([pod, own]) => nftInPod(namespace, pod, policyChain(own, denial))));
}

/** A firewall that no NetworkPolicy speaks of: TCP and UDP from the source pod do not arrive at the other one. */
export async function denyBetween(namespace: string, from: string, to: string, denial: Denial = 'drop'): Promise<void> {
  const { status } = await getPod(namespace, from);
  const rules = (status?.podIPs ?? []).flatMap(({ ip }) => {
    return denial === 'drop' ? [`${saddr(ip)} meta l4proto { tcp, udp } drop`] : [`${saddr(ip)} reject`];
  });
  await nftInPod(namespace, to, inputChain('firewall', rules));
}
