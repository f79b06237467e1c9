// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../../errors/failure.js';
import { getIfThere } from '../../installation/apply-object.js';
import type { Deployment } from '../../installation/await-deployment.js';
import type { Cluster } from '../../kube/cluster.js';
import type { Pod } from '../../kube/objects.js';
import { checkNamespace, checkServerName, type AgentReport, type CheckReport } from '../../model/check.js';
import { selectorLabels } from '../objects/install-options.js';
import { namespaceOf } from '../objects/namespaces.js';
import { isReady, isRunning } from '../pod-state.js';
import { executeProgram } from '../talk.js';
import { agentPods, selectorText } from './agent-pods.js';
import { askAgents, parsedAnswer, type AskedAgent } from './ask-agents.js';
import { noServer } from './no-server.js';
import { statusWithoutServer, type Status } from './status-without-server.js';

/** A round of the server's own over all that it knows takes a part of this. */
const serverMs = 30_000;
/** More of them would take longer than anybody waits, and are not silent for different reasons. */
const mostAsked = 100;

async function serverPods(cluster: Cluster, signal: AbortSignal): Promise<Pod[]> {
  const path = `/api/v1/namespaces/${checkNamespace}/pods`;
  const pods: Pod[] = [];
  const labelSelector = selectorText(selectorLabels(checkServerName));
  for await (const page of cluster.list<Pod>(path, { labelSelector, signal })) pods.push(...page);
  return pods;
}

/** What the server says, with these reports beside what it has; any ready replica answers. */
async function askServer(
  cluster: Cluster,
  pods: readonly Pod[],
  reports: readonly AgentReport[],
  signal: AbortSignal,
): Promise<CheckReport> {
  let failure: Failure | undefined;
  for (const { metadata } of pods.filter(isReady)) {
    try {
      const text = await executeProgram(cluster, {
        namespace: checkNamespace,
        pod: metadata.name,
        container: checkServerName,
        program: ['check-status'],
        input: JSON.stringify({ reports }),
        deadlineMs: serverMs,
        signal,
      });
      return parsedAnswer<CheckReport>(text, 'check-status');
    } catch (thrown) {
      failure = asFailure(thrown);
      if (failure.code === 'interrupted' || failure.code === 'forbidden' || signal.aborted) throw failure;
    }
  }
  throw failure ?? (await noServer(cluster, pods, signal));
}

/** Agents that the server hears nothing of though their pods run: they may know why. */
async function silentAgents(cluster: Cluster, { nodes }: CheckReport, signal: AbortSignal): Promise<AskedAgent[]> {
  const silent = nodes.flatMap(({ agents }) => agents.filter(({ state, pod }) => state !== 'OK' && pod !== undefined));
  const networks = [...new Set(silent.map(({ network }) => network))];
  const pods = (await Promise.all(networks.map((network) => agentPods(cluster, network, signal)))).flat();
  const running = new Set(pods.filter(isRunning).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`));
  return silent
    .map(({ network, pod = '' }) => ({ namespace: namespaceOf(network), pod }))
    .filter(({ namespace, pod }) => running.has(`${namespace}/${pod}`));
}

/**
 * What an installed check knows, and what its silent agents say when they are asked directly; all of them, where its server does not answer. Throws
 * Failure: `notFound` where none is installed, `tool` with causes where neither server nor agents are there.
 */
export async function readStatus(
  cluster: Cluster,
  { signal, progress }: { signal: AbortSignal; progress: (text: string) => void },
): Promise<Status> {
  progress('asking the server');
  const path = `/apis/apps/v1/namespaces/${checkNamespace}/deployments/${checkServerName}`;
  if ((await getIfThere<Deployment>(cluster, path, signal)) === undefined) {
    throw new Failure('notFound', 'no check is installed in this cluster', {
      hint: 'kubectl netmachinery check install installs one; kubectl netmachinery check needs none',
    });
  }
  const pods = await serverPods(cluster, signal);
  let report: CheckReport;
  try {
    report = await askServer(cluster, pods, [], signal);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code !== 'tool' && failure.code !== 'cluster') throw failure;
    return statusWithoutServer(cluster, failure, { signal, progress });
  }
  const silent = await silentAgents(cluster, report, signal);
  if (silent.length === 0) return { report, notes: [] };
  progress(`asking ${silent.length} silent agents`);
  const told = await askAgents(cluster, silent.slice(0, mostAsked), signal);
  const notes = [...told.silent].map(
    ([{ namespace, pod }, message]) => `pod ${namespace}/${pod} did not say what it finds: ${message}`,
  );
  return { report: told.reports.length === 0 ? report : await askServer(cluster, pods, told.reports, signal), notes };
}
