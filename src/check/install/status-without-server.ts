// SPDX-License-Identifier: Apache-2.0
import { agentCause } from '../../connectivity/agent-state.js';
import { checkReport, type KnownAgent } from '../../connectivity/check-report.js';
import { nodeOfDaemonPod, type DaemonPod } from '../../connectivity/daemon-pod.js';
import { expectedNodes, type ExpectedNode } from '../../connectivity/expected.js';
import type { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject, Node } from '../../kube/objects.js';
import {
  checkNamespace,
  checkSettingsName,
  type AgentNetwork,
  type AgentReport,
  type CheckReport,
} from '../../model/check.js';
import { settingsKey, type InstalledSettings } from '../objects/settings.js';
import { isRunning } from '../pod-state.js';
import { agentPods } from './agent-pods.js';
import { askAgents, parsedAnswer, type AskedAgent } from './ask-agents.js';

export interface Status {
  report: CheckReport;
  /** What could not be asked, one line each. */
  notes: string[];
}

interface PlacedAgent {
  node: ExpectedNode;
  network: AgentNetwork;
  pod: DaemonPod | undefined;
}

async function readSettings(cluster: Cluster, signal: AbortSignal): Promise<InstalledSettings> {
  const path = `/api/v1/namespaces/${checkNamespace}/configmaps/${checkSettingsName}`;
  const { data } = await cluster.get<KubeObject & { data?: Record<string, string> }>(path, { signal });
  return parsedAnswer<InstalledSettings>(data?.[settingsKey] ?? '', `ConfigMap ${checkSettingsName}`);
}

async function placedAgents(
  cluster: Cluster,
  { selection, networks }: InstalledSettings,
  signal: AbortSignal,
): Promise<{ nodes: ExpectedNode[]; agents: PlacedAgent[] }> {
  const all: Node[] = [];
  for await (const page of cluster.list<Node>('/api/v1/nodes', { signal })) all.push(...page);
  const nodes = expectedNodes(all, selection);
  const agents: PlacedAgent[] = [];
  for (const network of networks) {
    const pods = new Map((await agentPods(cluster, network, signal)).map((pod) => [nodeOfDaemonPod(pod), pod]));
    agents.push(...nodes.map((node) => ({ node, network, pod: pods.get(node.name) })));
  }
  return { nodes, agents };
}

function known({ node, network, pod }: PlacedAgent, report: AgentReport | undefined, silence?: string): KnownAgent {
  const name = pod?.metadata.name;
  const shown = { network, ...(name === undefined ? {} : { pod: name }) };
  if (report === undefined) {
    const cause = silence === undefined ? agentCause(node, pod) : `silent: ${silence}`;
    return { node: node.name, network, agent: { ...shown, state: 'Absent', cause }, reports: [] };
  }
  const { kernel, uptimeSeconds, interfaces, resolver, hostDate } = report;
  const facts = { kernel, uptimeSeconds, interfaces, resolver, lastReport: hostDate };
  return { node: node.name, network, agent: { ...shown, state: 'OK', ...facts }, reports: [report] };
}

/**
 * What the agents of an installed check found last, where no server can say it: where the network between them is what is
 * broken, a server may lead nowhere. Throws `why` where this needs more than the user may read, or no agent answers either.
 */
export async function statusWithoutServer(
  cluster: Cluster,
  why: Failure,
  { signal, progress }: { signal: AbortSignal; progress: (text: string) => void },
): Promise<Status> {
  const startedAt = new Date();
  const settings = await readSettings(cluster, signal).catch(() => undefined);
  const placed = settings && (await placedAgents(cluster, settings, signal).catch(() => undefined));
  if (settings === undefined || placed === undefined) throw why;
  const { nodes, agents } = placed;
  const asked = new Map<PlacedAgent, AskedAgent>();
  for (const agent of agents) {
    const { pod } = agent;
    if (pod === undefined || !isRunning(pod)) continue;
    asked.set(agent, { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name });
  }
  progress(`no server answers: asking ${asked.size} agents`);
  const { reports, silent } = await askAgents(cluster, [...asked.values()], signal);
  if (reports.length === 0) throw why;
  const { intervalMs, neighbours, payloadEntries, externalName, urls, legacyApi } = settings;
  const report = checkReport({
    mode: 'installed',
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    settings: { intervalMs, neighbours, payloadEntries, externalName, urls },
    nodes,
    agents: agents.map((agent) => {
      const { pod, network } = agent;
      const own = reports.find((each) => each.agent.pod === pod?.metadata.name && each.agent.network === network);
      return known(agent, own, silent.get(asked.get(agent) ?? { namespace: '', pod: '' }));
    }),
    outages: [],
    warnings: [`no server of the check answers, so its agents were asked: ${why.message}`],
    ...(legacyApi ? { legacyApi } : {}),
  });
  return { report, notes: [] };
}
