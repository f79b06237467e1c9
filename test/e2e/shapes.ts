// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from 'node:fs/promises';
import { expect, vi } from 'vitest';
import type { ShapeList, ShapeReport } from '../../src/model/shaping.js';
import { netmachinery, report, type CliOptions, type CliResult } from './cli.js';
import { images, kubectl, podManifest, type PodOptions } from './kubectl.js';

/** A pod that sees its own rules: reading them back needs no capability. */
export function shapedPod(name: string, options: PodOptions = {}): object {
  return podManifest(name, { image: images.toolbox, command: ['sleep', 'infinity'], ...options });
}

/** What tc and nft say of a pod's interfaces, in its own container; empty where nobody has made any rule. */
export async function rulesOf(namespace: string, pod: string): Promise<string> {
  const script = 'tc qdisc show | grep -v " noqueue 0: "; ip -o link show type ifb | cut -d" " -f2';
  return kubectl(['exec', '-n', namespace, pod, '-c', 'main', '--', 'sh', '-c', `${script}; true`]);
}

/** Runs `shape` with `-o json`; throws what it printed where that is no report. */
export function shapeReport(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult & { report: ShapeReport }> {
  return report<ShapeReport>(['shape', ...args], options);
}

/** What `shape list` says of a namespace. */
export async function shapesIn(namespace: string): Promise<ShapeList['items']> {
  const { stdout } = await netmachinery(['shape', 'list', '-n', namespace, '-o', 'json']);
  return (JSON.parse(stdout) as ShapeList).items;
}

/** Fails unless a pod has no rule of anybody, within some seconds. */
export async function expectNoRules(namespace: string, pod: string, timeoutMs = 15_000): Promise<void> {
  await vi.waitFor(async () => expect(await rulesOf(namespace, pod)).toBe(''), { timeout: timeoutMs, interval: 300 });
}

/** Waits until a pod has rules of ours. */
export async function expectShaped(namespace: string, pod: string): Promise<void> {
  const seen = async () => expect(await rulesOf(namespace, pod)).toContain('qdisc htb 6e6d: ');
  await vi.waitFor(seen, { timeout: 30_000, interval: 200 });
}

/** The id of the first process of a container on node1, as this machine counts processes. */
export async function firstProcess(namespace: string, pod: string, container: string): Promise<number> {
  const statuses = '{range .status.containerStatuses[*]}{.name} {.containerID}{"\\n"}{end}';
  const list = statuses + statuses.replace('containerStatuses', 'ephemeralContainerStatuses');
  // The kubelet reports a container some seconds after it has started.
  const id = await vi.waitFor(
    async () => {
      const listed = await kubectl(['get', 'pod', '-n', namespace, pod, '-o', `jsonpath=${list}`]);
      const found = new RegExp(`^${container} [a-z]+://([0-9a-f]+)$`, 'm').exec(listed)?.[1];
      if (found === undefined) throw new Error(`container ${container} of pod ${pod} has no id`);
      return found;
    },
    { timeout: 15_000, interval: 300 },
  );
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
    const status = cgroup.includes(id) ? await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '') : '';
    // The last number is the process's id in its own namespace.
    if (/^NSpid:.*\t1$/m.test(status)) return Number(pid);
  }
  throw new Error(`container ${container} of pod ${pod} does not run on this machine`);
}

/** Ends the first process of a tool container as the kernel does when memory runs out. */
export async function killToolContainer(namespace: string, pod: string, container: string): Promise<void> {
  process.kill(await firstProcess(namespace, pod, container), 'SIGKILL');
}
