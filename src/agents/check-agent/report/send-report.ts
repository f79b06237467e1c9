// SPDX-License-Identifier: Apache-2.0
import type { AgentOrders, AgentReport } from '../../../model/check.js';
import type { ServerAccess } from '../environment.js';
import { agentOrders } from '../orders.js';
import type { Names } from '../probes/names.js';
import { postReport, type ServerAnswer } from './post-report.js';
import { serverPlaces, type ServerPlace } from './server-places.js';

export interface Sending {
  access: ServerAccess;
  names: Names;
  report: AgentReport;
  /** The last ones, which know where the server is. */
  orders: AgentOrders | undefined;
  signal: AbortSignal;
}

/** New orders, or in words why there are none. */
export type Sent = { orders: AgentOrders } | { trouble: string };

/** Sends a report to the first place of the server that takes it or refuses it. Never rejects. */
export async function sendReport({ access, names, report, orders, signal }: Sending): Promise<Sent> {
  const body = JSON.stringify(report);
  const troubles: string[] = [];
  for (const place of serverPlaces(orders?.targets ?? [])) {
    if (signal.aborted) break;
    const where = `${place.address ?? access.name}:${place.port}`;
    try {
      const address = await addressOf(place, access, names);
      const answer = await postReport({ access, address, port: place.port, pod: report.agent.pod, body, signal });
      const sent = readAnswer(answer, report);
      if (sent !== undefined) return sent;
      troubles.push(`${where}: status ${answer.status}`);
    } catch (thrown) {
      troubles.push(`${where}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  return { trouble: `the server is not reached (${troubles.join('; ')})` };
}

async function addressOf(place: ServerPlace, access: ServerAccess, names: Names): Promise<string> {
  if (place.address !== undefined) return place.address;
  const resolved = await names.resolve(access.name);
  if ('failed' in resolved) throw new Error(resolved.failed.detail ?? 'the name is not found');
  return resolved.address;
}

/** Undefined: it may be better elsewhere. */
function readAnswer({ status, text }: ServerAnswer, { agent }: AgentReport): Sent | undefined {
  if (status === 200) return { orders: agentOrders(text) };
  if (status === 404) return { trouble: `the server does not know agent ${agent.pod} (404)` };
  if (status < 500) return { trouble: `the server refuses the report of ${agent.pod}: status ${status}` };
  return undefined;
}
