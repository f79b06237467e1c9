// SPDX-License-Identifier: Apache-2.0
import type { AgentIdentity, CheckProbe, CheckSettings, CheckTarget, TargetKind } from '../model/check.js';
import { familyOf } from './family.js';
import { nodeNeighbours } from './neighbours.js';
import type { Roster, RosterService } from './roster.js';

/** What is the same for all agents of a roster: a server of 1,000 nodes answers dozens of reports a second. */
interface RosterIndex {
  neighbours: (own: string) => string[];
  agentsByNode: ReadonlyMap<string, readonly AgentIdentity[]>;
}

const indices = new WeakMap<Roster, Map<number, RosterIndex>>();

function byName(left: AgentIdentity, right: AgentIdentity): number {
  const key = ({ network, namespace, pod }: AgentIdentity) => JSON.stringify([network, namespace, pod]);
  return key(left) < key(right) ? -1 : 1;
}

function indexOf(roster: Roster, neighbours: number): RosterIndex {
  const known = indices.get(roster) ?? new Map<number, RosterIndex>();
  indices.set(roster, known);
  const before = known.get(neighbours);
  if (before !== undefined) return before;
  const agentsByNode = new Map<string, AgentIdentity[]>();
  for (const agent of [...roster.agents].sort(byName)) {
    agentsByNode.set(agent.node, [...(agentsByNode.get(agent.node) ?? []), agent]);
  }
  const index = { agentsByNode, neighbours: nodeNeighbours(agentsByNode.keys(), neighbours) };
  known.set(neighbours, index);
  return index;
}

/** What an agent is to reach in each round: in the same order for the same roster, in whatever order that lists things. Families that the agent lacks are left out. */
export function targetsOf(roster: Roster, agent: AgentIdentity, settings: CheckSettings): CheckTarget[] {
  const families = new Set(agent.ips.map(familyOf));
  const isOfOurs = (address: string) => families.has(familyOf(address));
  const { server, api, dns, clusterName } = roster;
  const { externalName } = settings;
  const ask = (kind: 'dns' | 'external', host: string) =>
    dns === undefined
      ? []
      : serviceTargets(kind, dns, ['dns'], isOfOurs)
          .filter(({ via }) => via !== 'name')
          .map((target) => ({ ...target, host }));
  return [
    ...agentTargets(roster, agent, settings, isOfOurs),
    ...(server === undefined ? [] : serviceTargets('server', server, ['http'], isOfOurs)),
    ...(api === undefined ? [] : serviceTargets('api', api, ['tcp'], isOfOurs)),
    ...ask('dns', clusterName),
    ...(externalName === undefined ? [] : ask('external', externalName)),
    ...settings.urls.map((url): CheckTarget => ({ kind: 'url', url, probes: ['http'] })),
  ];
}

function agentTargets(
  roster: Roster,
  own: AgentIdentity,
  { neighbours }: CheckSettings,
  isOfOurs: (address: string) => boolean,
): CheckTarget[] {
  const index = indexOf(roster, neighbours);
  return [own.node, ...index.neighbours(own.node)].flatMap((node) =>
    (index.agentsByNode.get(node) ?? [])
      .filter(({ namespace, pod }) => namespace !== own.namespace || pod !== own.pod)
      .flatMap(({ network, pod, ips }) =>
        [...ips]
          .sort()
          .filter(isOfOurs)
          .map((address): CheckTarget => {
            const probes: CheckProbe[] = ['icmp', 'tcp', 'udp', 'http', 'large'];
            // Inside of a node, and from the one network to the other, the path is not the one that packets between nodes take.
            if (node !== own.node && network === own.network) probes.push('mtu');
            return { kind: 'agent', node, network, pod, address, port: roster.agentPort, probes };
          }),
      ),
  );
}

/** A Service by its name, by each virtual address, and by each endpoint. */
function serviceTargets(
  kind: Exclude<TargetKind, 'agent' | 'url'>,
  { host, virtual, port, endpoints, tls }: RosterService,
  probes: CheckProbe[],
  isOfOurs: (address: string) => boolean,
): CheckTarget[] {
  const common = { kind, ...(tls === true && probes.includes('http') ? { tls } : {}), probes };
  return [
    { ...common, via: 'name', host, port },
    ...[...virtual]
      .sort()
      .filter(isOfOurs)
      .map((address): CheckTarget => ({ ...common, via: 'virtual', host, address, port })),
    ...[...endpoints]
      .sort((left, right) => (endpointKey(left) < endpointKey(right) ? -1 : 1))
      .filter(({ address }) => isOfOurs(address))
      .map((endpoint): CheckTarget => ({
        ...common,
        via: 'endpoint',
        host,
        address: endpoint.address,
        port: endpoint.port,
        ...(endpoint.node === undefined ? {} : { node: endpoint.node }),
        ...(endpoint.pod === undefined ? {} : { pod: endpoint.pod }),
      })),
  ];
}

function endpointKey({ address, port }: RosterService['endpoints'][number]): string {
  return JSON.stringify([address, port]);
}
