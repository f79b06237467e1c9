// SPDX-License-Identifier: Apache-2.0
import { Agent, request } from 'node:https';
import { pause } from '../../../src/kube/pause.js';
import {
  checkServerName,
  checkServerPorts,
  checkNamespace,
  type AgentOrders,
  type AgentReport,
} from '../../../src/model/check.js';
import type { CrowdAgent } from './crowd.js';

/** The answers to reports, as agents have seen them. */
export interface Answers {
  /** Times, in ms, from the first byte sent to the last one received. */
  ms: number[];
  failed: string[];
}

/**
 * Reports as an agent does until the signal aborts: over one connection, of the targets of its last orders, of which all are
 * well. `firstMs`: when it begins; agents of a cluster do so evenly.
 */
export async function report(
  { agent, token }: CrowdAgent,
  options: { ca: string; intervalMs: number; firstMs: number; signal: AbortSignal; answers: Answers },
): Promise<void> {
  const { ca, intervalMs, firstMs, signal, answers } = options;
  const connection = new Agent({ keepAlive: true, maxSockets: 1 });
  let orders: AgentOrders | undefined;
  let dueMs = performance.now() + firstMs;
  try {
    for (;;) {
      await pause(Math.max(0, dueMs - performance.now()), signal);
      dueMs += intervalMs;
      const body = JSON.stringify(reportOf(agent, orders, intervalMs));
      const startedMs = performance.now();
      try {
        const { status, text } = await posted(connection, ca, `/api/v2/agents/${agent.pod}`, token, body);
        answers.ms.push(performance.now() - startedMs);
        if (status === 200) orders = JSON.parse(text) as AgentOrders;
        else answers.failed.push(`${status} ${text}`);
      } catch (thrown) {
        answers.failed.push(String(thrown));
      }
    }
  } catch {
    // It is over.
  } finally {
    connection.destroy();
  }
}

function posted(agent: Agent, ca: string, path: string, token: string, body: string) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request({
      agent,
      ca,
      path,
      method: 'POST',
      host: '127.0.0.1',
      port: checkServerPorts.api,
      servername: `${checkServerName}.${checkNamespace}.svc`,
      timeout: 10_000,
      headers: { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) },
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => (text += part));
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.end(body);
  });
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
