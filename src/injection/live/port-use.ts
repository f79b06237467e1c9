// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { Pod } from '../../kube/objects.js';
import { podLabel } from '../../kube/pod-eligibility.js';
import { podPath } from '../../kube/tool-container-patch.js';
import { proberContainerName } from '../../model/prober.js';
import { listeningPorts, socketTableCommand } from './socket-table.js';

const deadlineMs = 10_000;
/** The kubelet could not connect: k8s.io/apimachinery proxy, in the words of Go's net package. */
const refused = /connection refused/;

/** Which of these ports a pod listens on, and through what that was seen; `unknown` where nothing tells. */
export type PortUse = { taken: number[] } | 'unknown';

/**
 * Asks a running pod whether something in it listens on ports: its own table of sockets, read in a container that has `cat`;
 * else by knocking through the API server's proxy. A prober of ours that is there is not what is asked about.
 */
export async function portUse(
  cluster: Cluster,
  pod: Pod,
  ports: readonly number[],
  signal: AbortSignal,
): Promise<PortUse> {
  const asked = ports.filter((port) => !hasOurs(pod, port));
  if (asked.length === 0) return { taken: [] };
  const table = await socketTable(cluster, pod, signal);
  if (table !== undefined) return { taken: asked.filter((port) => table.has(port)) };
  const answers = await Promise.all(asked.map((port) => knock(cluster, pod, port, signal)));
  if (answers.includes('unknown')) return 'unknown';
  return { taken: asked.filter((_, index) => answers[index] === 'taken') };
}

function hasOurs({ spec }: Pod, port: number): boolean {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  return (
    [...containers, ...initContainers].some(
      ({ name, ports = [] }) =>
        name === proberContainerName && ports.some(({ containerPort }) => containerPort === port),
    ) ||
    ephemeralContainers.some(
      ({ name, env = [] }) =>
        name.startsWith(`${proberContainerName}-`) && env.some(({ value }) => value === String(port)),
    )
  );
}

async function socketTable(cluster: Cluster, pod: Pod, signal: AbortSignal): Promise<Set<number> | undefined> {
  const running = (pod.status?.containerStatuses ?? []).filter(({ state }) => state?.running !== undefined);
  for (const { name } of running.slice(0, 3)) {
    let text = '';
    try {
      await cluster.exec({
        namespace: pod.metadata.namespace ?? cluster.namespace,
        pod: pod.metadata.name,
        container: name,
        argv: socketTableCommand,
        onStdout: (chunk) => (text += chunk.toString('latin1')),
        deadlineMs,
        signal,
      });
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof Failure)) throw thrown;
      if (thrown.code === 'forbidden') return undefined;
      continue;
    }
    const ports = listeningPorts(text);
    if (ports !== undefined) return ports;
  }
  return undefined;
}

async function knock(
  cluster: Cluster,
  pod: Pod,
  port: number,
  signal: AbortSignal,
): Promise<'taken' | 'free' | 'unknown'> {
  const path = podPath(pod).replace(/([^/]+)$/, `$1:${port}/proxy/`);
  try {
    for await (const chunk of cluster.stream(path, { totalMs: deadlineMs, signal })) if (chunk.length > 0) break;
    return 'taken';
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof Failure)) throw thrown;
    if (refused.test(thrown.message)) return 'free';
    // A server in the pod may itself say 401 or 403; the API server's own refusal names the subresource.
    if (thrown.status === undefined || /pods\/proxy|timed out|timeout|no route/i.test(thrown.message)) return 'unknown';
    return 'taken';
  }
}

/** Throws Failure `usage` where a running pod listens on a port that the prober is to have. */
export function refuseTaken(pod: Pod, use: PortUse, workload: string): void {
  if (use === 'unknown' || use.taken.length === 0) return;
  const [port] = use.taken;
  throw new Failure('usage', `pod ${podLabel(pod)} of ${workload} already listens on port ${port ?? 0}`, {
    hint: 'give the prober other ports: --ping-port and --metrics-port',
  });
}
