// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultCheckSettings, type AgentIdentity, type AgentOrders, type AgentReport } from '../../../model/check.js';
import type { ServerAccess } from '../environment.js';
import { Names } from '../probes/names.js';
import { makeRound, reportOf } from '../round.js';
import type { HeardCounts } from '../servers/heard.js';
import { warmUp } from '../warm-up.js';
import { sendReport } from './send-report.js';

/** Rounds of many agents must not fall together: each interval is up to so much shorter or longer. */
const jitter = 0.1;
/** How soon an agent without orders asks again, and makes its first round after it has got them. */
const soonMs = 5000;
/** Neighbours make a round in each interval, with jitter. */
const heardIntervals = 1.5;

export interface Reporting {
  own: AgentIdentity;
  /** Of the own agent, which listens already. */
  port: number;
  access: ServerAccess;
  heard: HeardCounts;
  onReport: (report: AgentReport) => void;
  log: (line: string) => void;
  signal: AbortSignal;
}

/** Makes a round each interval and tells the server, until the signal; whatever the server does, it goes on. Never rejects. */
export async function keepReporting({ own, port, access, heard, onReport, log, signal }: Reporting): Promise<void> {
  const names = new Names();
  let orders: AgentOrders | undefined;
  let trouble: string | undefined;
  await warmUp(port);
  const isEnded = (): boolean => signal.aborted;
  while (!isEnded()) {
    const startedMs = performance.now();
    const hadOrders = orders !== undefined;
    const report =
      orders === undefined ? reportOf(own, { settings: defaultCheckSettings }) : await round(own, orders, names, heard);
    onReport(report);
    const sent = await sendReport({ access, names, report, orders, signal });
    if (isEnded()) return;
    if ('orders' in sent) {
      if (trouble !== undefined || !hadOrders)
        log(`the server takes reports, and gives ${sent.orders.targets.length} targets`);
      orders = sent.orders;
      trouble = undefined;
    } else {
      // Once, not each time.
      if (sent.trouble !== trouble) log(sent.trouble);
      trouble = sent.trouble;
    }
    const { intervalMs } = orders?.settings ?? defaultCheckSettings;
    await sleep(pauseMs(intervalMs, hadOrders, performance.now() - startedMs), undefined, { signal }).catch(
      () => undefined,
    );
  }
}

function round(own: AgentIdentity, orders: AgentOrders, names: Names, heard: HeardCounts): Promise<AgentReport> {
  const windowMs = heardIntervals * orders.settings.intervalMs;
  heard.memoryMs = Math.max(heard.memoryMs, windowMs);
  return makeRound({ orders, own, names, heard: () => Promise.resolve(heard.since(windowMs)) });
}

/** How long to wait after a round, so that one begins each interval, give or take its jitter. */
export function pauseMs(
  intervalMs: number,
  hadOrders: boolean,
  tookMs: number,
  random: number = Math.random(),
): number {
  if (!hadOrders) return random * Math.min(intervalMs, soonMs);
  return Math.max(0, intervalMs * (1 + jitter * (2 * random - 1)) - tookMs);
}
