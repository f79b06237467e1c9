// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { asFailure, Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { checkAgentName, type AgentReport } from '../../model/check.js';
import { executeProgram } from '../talk.js';

/** An agent answers from memory: one that does not within this time is not well. */
const agentMs = 8000;
const agentsAtOnce = 16;

export interface AskedAgent {
  namespace: string;
  pod: string;
}

/** One JSON document of a program of ours. Throws Failure `tool` where it is none. */
export function parsedAnswer<T>(text: string, program: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Failure('tool', `${program} printed no JSON`, { cause });
  }
}

async function askAgent(cluster: Cluster, agent: AskedAgent, signal: AbortSignal): Promise<AgentReport> {
  const text = await executeProgram(cluster, {
    ...agent,
    container: checkAgentName,
    program: ['check-report'],
    deadlineMs: agentMs,
    signal,
  });
  return parsedAnswer<AgentReport>(text, 'check-report');
}

/** What each of these agents found last, past the server; a line of why for those that do not say. Throws only when the signal aborts. */
export async function askAgents(
  cluster: Cluster,
  agents: readonly AskedAgent[],
  signal: AbortSignal,
): Promise<{ reports: AgentReport[]; silent: Map<AskedAgent, string> }> {
  const limit = pLimit(agentsAtOnce);
  const silent = new Map<AskedAgent, string>();
  const asked = agents.map((agent) =>
    limit(() =>
      askAgent(cluster, agent, signal).catch((thrown: unknown) => {
        const { code, message } = asFailure(thrown);
        if (code === 'interrupted' || signal.aborted) throw thrown;
        silent.set(agent, message);
        return undefined;
      }),
    ),
  );
  const reports = (await Promise.all(asked)).filter((report) => report !== undefined);
  return { reports, silent };
}
