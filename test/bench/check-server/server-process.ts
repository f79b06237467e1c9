// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeOptions } from '../../../src/check/objects/server-workload.js';
import { Failure } from '../../../src/errors/failure.js';
import { checkHostNamespace, checkNamespace, checkServerPorts } from '../../../src/model/check.js';

const program = join(import.meta.dirname, '../../../dist/agents/netmachinery-agent.js');
const startMs = 30_000;
/** Of utime and stime in proc(5): USER_HZ is 100 on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

/** Starts the server as its container does. */
export function startServer(kubeconfig: string): ChildProcess {
  const child = spawn(process.execPath, [program, 'check-server'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      KUBECONFIG: kubeconfig,
      NODE_OPTIONS: nodeOptions,
      NETMACHINERY_CHECK_SERVER_HOST_NAMESPACE: checkHostNamespace,
      POD_NAME: 'bench',
      POD_NAMESPACE: checkNamespace,
      POD_IP: '127.0.0.1',
    },
  });
  child.stderr.pipe(process.stderr);
  return child;
}

/** Waits until it leads and knows everything. */
export async function serverReady(child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startMs;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${checkServerPorts.health}/readyz`).catch(() => undefined);
    if (answer?.status === 200 && (await metric('netmachinery_check_leader')) === 1) return;
    if (child.exitCode !== null) throw new Failure('tool', `the server ended with ${child.exitCode}`);
    if (performance.now() > deadline) throw new Failure('tool', 'the server did not become ready');
    await sleep(200);
  }
}

/** Its page of metrics, as Prometheus gets it. */
export async function page(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${checkServerPorts.metrics}/metrics`)).text();
}

/** A series by all that is before its value; 0 where there is none. */
async function metric(series: string): Promise<number> {
  return seriesOf(await page(), series);
}

export function seriesOf(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

/** The bound of the histogram's bucket in which the `quantile` of what was seen between two pages lies, in ms. */
export function quantileMs(before: string, after: string, histogram: string, quantile: number): number {
  const buckets = (text: string) =>
    [...text.matchAll(new RegExp(`^${histogram}_bucket\\{le="([^"]+)"\\} (\\d+)$`, 'gm'))].map(
      ([, bound = '', count]) => ({ bound: bound === '+Inf' ? Infinity : Number(bound), count: Number(count) }),
    );
  const old = new Map(buckets(before).map(({ bound, count }) => [bound, count]));
  const seen = buckets(after).map(({ bound, count }) => ({ bound, count: count - (old.get(bound) ?? 0) }));
  const all = seen.at(-1)?.count ?? 0;
  return 1000 * (seen.find(({ count }) => count >= quantile * all)?.bound ?? Number.NaN);
}

/** Memory that it holds now, in MB, and seconds of processor time that it has used (proc(5)). */
export async function usage(pid: number): Promise<{ rssMb: number; cpuSeconds: number }> {
  const [status, stat] = await Promise.all(['status', 'stat'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8')));
  // The name in parentheses may have spaces.
  const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
  return {
    rssMb: Number(/^VmRSS:\s+(\d+) kB/m.exec(status ?? '')?.[1]) / 1024,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
  };
}
