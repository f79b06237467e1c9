// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
/** Of a second, in which proc(5) counts processor time: the same on all machines that Linux calls common. */
const ticksPerSecond = 100;

export interface ProberSettings {
  pod: string;
  ip: string;
  httpPort: number;
  prometheusPort: number;
  configFile: string;
  neighbours: number;
}

export interface ProberProcess {
  /** Megabytes of memory that it holds, the fping that it started left out: most of that is shared. */
  rssMb: () => number;
  /** Seconds of processor time so far, of all programs that it started as well. */
  cpuSeconds: () => number;
  metrics: () => Promise<string>;
  log: () => string;
  stop: () => Promise<void>;
}

/** Bundles the program of the prober into one file, as the image has it. */
export async function bundleProber(outfile: string): Promise<void> {
  const main = './src/agents/prober/main.ts';
  await build({
    stdin: { contents: `const { run } = await import('${main}'); await run?.();`, resolveDir: root },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    logLevel: 'error',
  });
}

/** Starts a prober as a process of this machine. */
export function startProberProcess(bundle: string, settings: ProberSettings): ProberProcess {
  const { pod, ip, httpPort, prometheusPort, configFile, neighbours } = settings;
  const child = spawn(process.execPath, [bundle], {
    env: {
      PATH: process.env['PATH'],
      HTTP_PORT: String(httpPort),
      HTTP_PROMETHEUS_PORT: String(prometheusPort),
      NET_PROBER_CONFIG_FILE: configFile,
      NETMACHINERY_NEIGHBOURS: String(neighbours),
      POD_NAMESPACE: 'shop',
      POD_NAME: pod,
      POD_IPS: ip,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = once(child, 'exit');
  const pid = child.pid ?? 0;
  return {
    rssMb: () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    cpuSeconds: () => [pid, ...childrenOf(pid)].reduce((sum, each) => sum + cpuSecondsOf(each), 0),
    metrics: async () => {
      // A connection that is kept would make its end wait.
      const response = await fetch(`http://127.0.0.1:${prometheusPort}/metrics`, { headers: { connection: 'close' } });
      return response.text();
    },
    log: () => text,
    stop: async () => {
      child.kill('SIGTERM');
      const cut = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(cut);
    },
  };
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** User and system time of a process, and of those children of it that have ended (fields 14 to 17 of proc_pid_stat(5)). */
function cpuSecondsOf(pid: number): number {
  // The second field, a name, may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

/** A peer list in the format of the file. */
export function peerListOf(members: readonly { pod: string; ip: string; port: number }[], periodMs: number): string {
  const endpoint = ({ pod, ip, port }: (typeof members)[number]) => [
    pod,
    { ip, port: String(port), namespace: 'shop', pod, node: 'node1' },
  ];
  return JSON.stringify({
    endpointsMap: Object.fromEntries(members.map(endpoint)) as object,
    pollingPeriod: periodMs * 1e6,
  });
}
