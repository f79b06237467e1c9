// SPDX-License-Identifier: Apache-2.0
import { postReport } from '../../../src/agents/check-agent/report/post-report.js';
import { pause } from '../../../src/kube/pause.js';
import { checkServerPorts, type AgentOrders, type AgentReport } from '../../../src/model/check.js';
import type { CrowdAgent } from './crowd.js';

/** The answers to reports, as agents have seen them. */
export interface Answers {
  /** Times, in ms, from the begin of the connection to the last byte received. */
  ms: number[];
  failed: string[];
}

/**
 * Reports as an agent does until the signal aborts: over a connection of each report's own, of the targets of its last orders, of
 * which all are well. `firstMs`: when it begins; agents of a cluster do so evenly.
 */
export async function report(
  { agent, access }: CrowdAgent,
  options: { intervalMs: number; firstMs: number; signal: AbortSignal; answers: Answers },
): Promise<void> {
  const { intervalMs, firstMs, signal, answers } = options;
  const place = { access, address: '127.0.0.1', port: checkServerPorts.api, pod: agent.pod };
  let orders: AgentOrders | undefined;
  let dueMs = performance.now() + firstMs;
  try {
    for (;;) {
      await pause(Math.max(0, dueMs - performance.now()), signal);
      dueMs += intervalMs;
      const body = JSON.stringify(reportOf(agent, orders, intervalMs));
      const startedMs = performance.now();
      try {
        const { status, text } = await postReport({ ...place, body, signal });
        answers.ms.push(performance.now() - startedMs);
        if (status === 200) orders = JSON.parse(text) as AgentOrders;
        else answers.failed.push(`${status} ${text}`);
      } catch (thrown) {
        if (!signal.aborted) answers.failed.push(String(thrown));
      }
    }
  } catch {
    // It is over.
  }
}

/** All that was ordered went well, each probe in another time. */
function reportOf(agent: AgentReport['agent'], orders: AgentOrders | undefined, intervalMs: number): AgentReport {
  const now = new Date().toISOString();
  const time = (): number => Math.round(200 + 800 * Math.random()) / 1000;
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CheckAgentReport',
    agent,
    intervalMs,
    payloadEntries: 1500,
    hostDate: now,
    startedAt: now,
    durationMs: 120,
    uptimeSeconds: Math.round(performance.now() / 1000),
    kernel: '6.1.0-bench',
    interfaces: ['lo', 'eth0'].map((name) => ({
      name,
      mtu: 1500,
      addresses: agent.ips.map((ip) => `${ip}/24`),
      rxErrors: 0,
      txErrors: 0,
      rxDropped: 0,
      txDropped: 0,
    })),
    resolver: { nameservers: ['198.18.0.10'], search: ['svc.cluster.local', 'cluster.local'] },
    outcomes: (orders?.targets ?? []).map(({ probes, ...target }) => ({
      ...target,
      values: Object.fromEntries(probes.map((probe) => [probe, time()])),
    })),
    heard: (orders?.targets ?? []).flatMap(({ kind, address }) =>
      kind === 'agent' && address !== undefined ? [{ address, udp: 1, tcp: 3 }] : [],
    ),
  };
}
