// SPDX-License-Identifier: Apache-2.0
import { expectedNodes, type ExpectedNode } from '../../connectivity/expected.js';
import { Failure } from '../../errors/failure.js';
import { apiPorts } from '../../installation/api-ports.js';
import { awaitDeployment } from '../../installation/await-deployment.js';
import type { Cluster } from '../../kube/cluster.js';
import type { Node } from '../../kube/objects.js';
import { counted } from '../../model/counted.js';
import { checkNamespace, checkServerName, type AgentNetwork } from '../../model/check.js';
import { cordonedText } from '../../connectivity/cordoned-nodes.js';
import { checkObjects, type CheckObjects } from '../objects/check-objects.js';
import type { InstallOptions } from '../objects/install-options.js';
import { applyObjects, requireApply, type ApplyOptions } from './apply-objects.js';
import { awaitAgents } from './await-agents.js';
import { awaitAuthority } from './await-authority.js';
import { installLines, judgeAbsent } from './install-words.js';
import { removeUnwanted } from './uninstall.js';

export interface InstallRequest {
  options: Omit<InstallOptions, 'apiPorts'>;
  /** `client`: nothing is asked for but read. */
  dryRun: 'none' | 'client' | 'server';
  wait: boolean;
  /** For the server, and again for the agents. */
  timeoutMs: number;
  onApplied: ApplyOptions['onApplied'];
  /** Takes a line for the user. */
  say: (line: string) => void;
  progress: (text: string) => void;
  signal: AbortSignal;
}

async function nodesOf(
  cluster: Cluster,
  { selection }: Pick<InstallOptions, 'selection'>,
  signal: AbortSignal,
): Promise<{ nodes: ExpectedNode[]; cordoned: string | undefined }> {
  const all: Node[] = [];
  for await (const page of cluster.list<Node>('/api/v1/nodes', { signal })) all.push(...page);
  return { nodes: expectedNodes(all, selection), cordoned: cordonedText(all, selection) };
}

async function awaitAll(
  cluster: Cluster,
  networks: readonly AgentNetwork[],
  nodes: readonly ExpectedNode[],
  { timeoutMs, signal, progress, say }: InstallRequest,
): Promise<void> {
  const waits = networks.map((network) => awaitAgents(cluster, network, nodes, { timeoutMs, signal, progress }));
  const absent = (await Promise.all(waits)).flat();
  const well = nodes.filter(({ isReady }) => isReady).length * networks.length;
  judgeAbsent(absent, well, say);
  say(
    `${well - absent.length} of ${counted(nodes.length * networks.length, 'agent')} run; kubectl netmachinery check status shows what they find`,
  );
}

async function installAll(
  cluster: Cluster,
  { server, agents }: CheckObjects,
  nodes: readonly ExpectedNode[],
  request: InstallRequest,
): Promise<void> {
  const { options, wait, timeoutMs, signal, progress } = request;
  const apply = { ...request, dryRun: request.dryRun === 'server' };
  if (apply.dryRun) {
    await applyObjects(cluster, [...server, ...agents], apply);
    return;
  }
  await applyObjects(cluster, server, apply);
  if (wait) {
    progress('waiting for the server');
    await awaitDeployment(cluster, { namespace: checkNamespace, name: checkServerName, timeoutMs }, signal);
    await awaitAuthority(cluster, options.networks, { timeoutMs, signal });
  }
  await applyObjects(cluster, agents, apply);
  await removeUnwanted(cluster, [...server, ...agents], request);
  if (wait) await awaitAll(cluster, options.networks, nodes, request);
}

/**
 * Installs a check, or makes one that is there what is asked for: the server first, then the agents, which need its authority.
 * Throws Failure: `forbidden` with all that is missing, `tool` in the kubelet's words where something does not start,
 * `interrupted` with what is there by then.
 */
export async function installCheck(cluster: Cluster, request: InstallRequest): Promise<void> {
  const { dryRun, onApplied, signal } = request;
  const options: InstallOptions = { ...request.options, apiPorts: await apiPorts(cluster, signal) };
  const objects = await checkObjects(options);
  const all = [...objects.server, ...objects.agents];
  if (dryRun === 'client') {
    for (const object of all) onApplied(object, 'created');
    return;
  }
  await requireApply(cluster, all, signal);
  const { nodes, cordoned } = await nodesOf(cluster, options, signal);
  if (nodes.length === 0) {
    throw new Failure('notFound', 'no node is chosen: none is Linux, with these labels and tolerated taints', {
      hint: 'see kubectl get nodes --show-labels, and --node-selector, --toleration, --include-unschedulable',
    });
  }
  for (const line of installLines(request.options, nodes.length)) request.say(line);
  if (cordoned !== undefined) request.say(`Warning: ${cordoned}`);
  let count = 0;
  const counting: InstallRequest = {
    ...request,
    onApplied: (object, done) => {
      count += 1;
      onApplied(object, done);
    },
  };
  try {
    await installAll(cluster, objects, nodes, counting);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'interrupted' || dryRun !== 'none') throw thrown;
    throw new Failure('interrupted', `interrupted: ${count} of ${all.length} objects are applied, and stay`, {
      hint: 'the same command goes on; kubectl netmachinery check uninstall removes them',
      reason: thrown.reason,
      cause: thrown,
    });
  }
}
