// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto';
import type { ExpectedNode, NodeSelection } from '../../connectivity/expected.js';
import type { AgentNetwork, CheckSettings } from '../../model/check.js';

/** What a one-shot check is asked for. */
export interface OnceRequest {
  selection: NodeSelection;
  settings: CheckSettings;
  networks: readonly AgentNetwork[];
  image: string;
  /** Secrets that the image is pulled with; copies of them go into the namespaces of the check. */
  pullSecrets: readonly { namespace: string; name: string }[];
  /** Limit of the whole check, its removal left out. */
  timeoutMs: number;
}

/** A Secret as it is copied. */
export interface PullSecret {
  name: string;
  type: string | undefined;
  data: Readonly<Record<string, string>>;
}

/** A one-shot check that is about to be made. */
export interface OncePlan extends Omit<OnceRequest, 'pullSecrets'> {
  /** Hex digits. */
  id: string;
  /** Who makes it, as the API server calls them. */
  caller: string | undefined;
  nodes: readonly ExpectedNode[];
  /** What is left out, one line each. */
  warnings: readonly string[];
  pullSecrets: readonly PullSecret[];
  /** RFC 3339: from then on what is found of it was left behind. */
  validUntil: string;
  /** RFC 3339, of an agent's own clock: when it ends by itself where no kubelet ends it. */
  agentsUntil: string;
}

/** One agent that a check makes. */
export interface PlannedAgent {
  node: ExpectedNode;
  network: AgentNetwork;
  namespace: string;
  pod: string;
}

/** The id of a new check. */
export function newCheckId(): string {
  return randomBytes(4).toString('hex');
}

/** Where agents of a network run. */
export function onceNamespace(id: string, network: AgentNetwork): string {
  return `netmachinery-check-${id}${network === 'host' ? '-host' : ''}`;
}

const namespacePattern = /^netmachinery-check-[0-9a-f]{8}(-host)?$/;

/** Whether a namespace has a name that one-shot checks give; those of an installed check have none such. */
export function isOnceNamespace(name: string): boolean {
  return namespacePattern.test(name);
}

/** What a name of a pod may have at most to be a host name as well (RFC 1123). */
const longestName = 63;

function podName(node: string): string {
  const name = `agent-${node}`;
  if (name.length <= longestName) return name;
  const hash = createHash('sha256').update(node).digest('hex').slice(0, 8);
  return `${name.slice(0, longestName - 1 - hash.length).replace(/[-.]+$/, '')}-${hash}`;
}

/** The agents of a plan, one a node and network. */
export function plannedAgents({ id, nodes, networks }: OncePlan): PlannedAgent[] {
  return networks.flatMap((network) =>
    nodes.map((node) => ({ node, network, namespace: onceNamespace(id, network), pod: podName(node.name) })),
  );
}

/** The key of an agent in maps. */
export function agentKey({ namespace, pod }: { namespace: string; pod: string }): string {
  return `${namespace}/${pod}`;
}
