// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { asFailure, Failure } from '../../errors/failure.js';
import { getIfThere } from '../../installation/apply-object.js';
import type { Deployment } from '../../installation/await-deployment.js';
import type { Cluster } from '../../kube/cluster.js';
import type { Pod } from '../../kube/objects.js';
import {
  checkAgentName,
  checkNamespace,
  checkServerName,
  type AgentReport,
  type CheckReport,
} from '../../model/check.js';
import { selectorLabels } from '../objects/install-options.js';
import { namespaceOf } from '../objects/namespaces.js';
import { executeProgram } from '../talk.js';
import { agentPods, isReady, selectorText } from './agent-pods.js';
import { noServer } from './no-server.js';

/** A round of the server's own over all that it knows takes a part of this. */
const serverMs = 30_000;
/** An agent answers from memory: one that does not within this time is not well. */
const agentMs = 8000;
const agentsAtOnce = 16;
/** More of them would take longer than anybody waits, and are not silent for different reasons. */
const mostAsked = 100;

export interface Status {
  report: CheckReport;
  /** What could not be asked, one line each. */
  notes: string[];
}

async function serverPods(cluster: Cluster, signal: AbortSignal): Promise<Pod[]> {
  const path = `/api/v1/namespaces/${checkNamespace}/pods`;
  const pods: Pod[] = [];
  const labelSelector = selectorText(selectorLabels(checkServerName));
  for await (const page of cluster.list<Pod>(path, { labelSelector, signal })) pods.push(...page);
  return pods;
}

/** One JSON document of a program of ours. Throws Failure `tool` where it is none. */
function parsed<T>(text: string, program: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Failure('tool', `${program} printed no JSON`, { cause });
  }
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
      return parsed<CheckReport>(text, 'check-status');
    } catch (thrown) {
      failure = asFailure(thrown);
      if (failure.code === 'interrupted' || failure.code === 'forbidden' || signal.aborted) throw failure;
    }
  }
  throw failure ?? (await noServer(cluster, pods, signal));
}

interface SilentAgent {
  namespace: string;
  pod: string;
}

/** Agents that the server hears nothing of though their pods run: they may know why. */
async function silentAgents(cluster: Cluster, { nodes }: CheckReport, signal: AbortSignal): Promise<SilentAgent[]> {
  const silent = nodes.flatMap(({ agents }) => agents.filter(({ state, pod }) => state !== 'OK' && pod !== undefined));
  const networks = [...new Set(silent.map(({ network }) => network))];
  const pods = (await Promise.all(networks.map((network) => agentPods(cluster, network, signal)))).flat();
  const running = new Set(
    pods
      .filter(({ status }) => status?.containerStatuses?.some(({ state }) => state?.running !== undefined) === true)
      .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
  );
  return silent
    .map(({ network, pod = '' }) => ({ namespace: namespaceOf(network), pod }))
    .filter(({ namespace, pod }) => running.has(`${namespace}/${pod}`));
}

async function askAgent(cluster: Cluster, agent: SilentAgent, signal: AbortSignal): Promise<AgentReport> {
  const text = await executeProgram(cluster, {
    ...agent,
    container: checkAgentName,
    program: ['check-report'],
    deadlineMs: agentMs,
    signal,
  });
  return parsed<AgentReport>(text, 'check-report');
}

/**
 * What an installed check knows, and what its silent agents say when they are asked directly. Throws Failure: `notFound` where
 * none is installed, `tool` with causes where its server is not there.
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
  const report = await askServer(cluster, pods, [], signal);
  const silent = await silentAgents(cluster, report, signal);
  if (silent.length === 0) return { report, notes: [] };
  progress(`asking ${silent.length} silent agents`);
  const limit = pLimit(agentsAtOnce);
  const notes: string[] = [];
  const reports = await Promise.all(
    silent.slice(0, mostAsked).map((agent) =>
      limit(() =>
        askAgent(cluster, agent, signal).catch((thrown: unknown) => {
          const { code, message } = asFailure(thrown);
          if (code === 'interrupted' || signal.aborted) throw thrown;
          notes.push(`pod ${agent.namespace}/${agent.pod} did not say what it finds: ${message}`);
          return undefined;
        }),
      ),
    ),
  );
  const told = reports.filter((each) => each !== undefined);
  return { report: told.length === 0 ? report : await askServer(cluster, pods, told, signal), notes };
}
