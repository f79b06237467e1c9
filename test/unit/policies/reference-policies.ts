// SPDX-License-Identifier: Apache-2.0
import type { LabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../../src/kube/objects.js';

/** Everything that exists in a small cluster with nothing hidden. */
export interface World {
  namespaces: Record<string, Record<string, string>>;
  pods: readonly WorldPod[];
  policies: readonly NetworkPolicy[];
}

export interface WorldPod {
  id: string;
  namespace: string;
  /** Dotted quad. */
  ip: string;
  labels: Record<string, string>;
  ports: readonly { name: string; port: number; protocol: string }[];
}

/** The ports that exist, as `TCP/80`. */
export const everyPort = ['TCP', 'UDP'].flatMap((protocol) =>
  [52, 53, 80, 81, 8080].map((port) => `${protocol}/${port}`),
);

/*
 * NetworkPolicy by brute force, to compare the real evaluation with: every rule is written out as the list of all single
 * flows that it stands for, and a connection is allowed if it is on the lists of both ends.
 */

function requirements({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string[] {
  const equalities = Object.entries(matchLabels).map(([key, value]) => `In ${key} ${value}`);
  return [...equalities, ...matchExpressions.map((e) => [e.operator, e.key, ...(e.values ?? [])].join(' '))];
}

function satisfies(labels: Record<string, string>, selector: LabelSelector): boolean {
  for (const requirement of requirements(selector)) {
    const [operator = '', key = '', ...values] = requirement.split(' ');
    const own = key in labels ? [labels[key] ?? ''] : [];
    const common = own.filter((value) => values.includes(value)).length;
    const isMet = { In: common > 0, NotIn: common === 0, Exists: own.length > 0, DoesNotExist: own.length === 0 }[
      operator
    ];
    if (isMet !== true) return false;
  }
  return true;
}

/** The bits of an address, so that a prefix is a prefix of a text. */
function bits(ip: string): string {
  return ip
    .split('.')
    .map((byte) => Number(byte).toString(2).padStart(8, '0'))
    .join('');
}

function isWithin(ip: string, cidr: string): boolean {
  const [network = '', length] = cidr.split('/');
  return bits(ip).startsWith(bits(network).slice(0, Number(length)));
}

function podsOf(peer: NetworkPolicyPeer, home: string, { pods, namespaces }: World): WorldPod[] {
  const { ipBlock, podSelector, namespaceSelector } = peer;
  if (ipBlock) {
    const inside = pods.filter(({ ip }) => isWithin(ip, ipBlock.cidr));
    return inside.filter(({ ip }) => !(ipBlock.except ?? []).some((cidr) => isWithin(ip, cidr)));
  }
  const homes = namespaceSelector
    ? Object.keys(namespaces).filter((name) => satisfies(namespaces[name] ?? {}, namespaceSelector))
    : [home];
  return pods.filter((pod) => homes.includes(pod.namespace) && (!podSelector || satisfies(pod.labels, podSelector)));
}

function portsOf(port: NetworkPolicyPort, destination: WorldPod): string[] {
  const protocol = port.protocol ?? 'TCP';
  const ofProtocol = everyPort.filter((each) => each.startsWith(`${protocol}/`));
  if (port.port === undefined) return ofProtocol;
  if (typeof port.port === 'string') {
    const named = destination.ports.filter((own) => own.name === port.port && own.protocol === protocol);
    return named.map((own) => `${protocol}/${own.port}`);
  }
  const flows: string[] = [];
  for (let number = port.port; number <= (port.endPort ?? port.port); number++) flows.push(`${protocol}/${number}`);
  return flows;
}

/** All flows `from>to PORT` that the policies of one direction let pass. */
function flowsOf(world: World, direction: 'Ingress' | 'Egress'): Set<string> {
  const flows = new Set<string>();
  for (const subject of world.pods) {
    const isolating = world.policies.filter(({ metadata, spec }) => {
      const types = spec.policyTypes?.length
        ? spec.policyTypes
        : spec.egress?.length
          ? ['Ingress', 'Egress']
          : ['Ingress'];
      return (
        metadata.namespace === subject.namespace &&
        types.includes(direction) &&
        satisfies(subject.labels, spec.podSelector ?? {})
      );
    });
    const add = (other: WorldPod, ports: (destination: WorldPod) => string[]) => {
      const [from, to] = direction === 'Ingress' ? [other, subject] : [subject, other];
      for (const port of ports(to)) flows.add(`${from.id}>${to.id} ${port}`);
    };
    add(subject, () => everyPort);
    if (isolating.length === 0) for (const other of world.pods) add(other, () => everyPort);
    for (const { spec } of isolating) {
      const rules =
        direction === 'Ingress'
          ? (spec.ingress ?? []).map((rule) => ({ peers: rule.from, ports: rule.ports }))
          : (spec.egress ?? []).map((rule) => ({ peers: rule.to, ports: rule.ports }));
      for (const { peers, ports } of rules) {
        const others = peers?.length ? peers.flatMap((peer) => podsOf(peer, subject.namespace, world)) : world.pods;
        const open = (to: WorldPod) => (ports?.length ? ports.flatMap((port) => portsOf(port, to)) : everyPort);
        for (const other of others) add(other, open);
      }
    }
  }
  return flows;
}

/** All flows that policies let pass, as `from>to TCP/80`. */
export function allowedFlows(world: World): Set<string> {
  const inwards = flowsOf(world, 'Ingress');
  return new Set([...flowsOf(world, 'Egress')].filter((flow) => inwards.has(flow)));
}
