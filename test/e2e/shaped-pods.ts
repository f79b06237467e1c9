// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { callerName } from '../../src/kube/identity.js';
import type { Cluster } from '../../src/kube/cluster.js';
import type { Pod } from '../../src/kube/objects.js';
import type { Effects, ShapeRecord } from '../../src/model/shaping.js';
import { enterAdminContainer } from '../../src/shaping/admin-container.js';
import type { EntryContext } from '../../src/runs/pod-entry.js';
import { PodShaper } from '../../src/shaping/pod-shaper.js';
import { writeShapeAnnotation } from '../../src/shaping/shape-annotation.js';
import { planShape } from '../../src/shaping/shape-plan.js';
import { getPod, images } from './kubectl.js';

/** What a node without netem can do, and nobody notices. */
const harmless: Effects = { rateBitsPerSecond: 1_000_000_000 };

export interface ShapedOptions {
  effects?: Effects;
  seconds?: number;
  annotated?: boolean;
  caller?: string;
}

export interface ShapedPod {
  record: ShapeRecord;
  shaper: PodShaper;
}

export function entryContext(cluster: Cluster, signal: AbortSignal = AbortSignal.timeout(60_000)): EntryContext {
  return {
    cluster,
    signal,
    tool: {
      image: images.toolbox,
      imagePullPolicy: 'IfNotPresent',
      startTimeoutMs: 60_000,
      entry: { by: 'toolContainer' },
    },
    observer: { notice: () => undefined, left: () => undefined, progress: () => undefined },
  };
}

/** Shapes a pod as a detached `shape` does. */
export async function shapePod(
  cluster: Cluster,
  namespace: string,
  name: string,
  options: ShapedOptions = {},
): Promise<ShapedPod> {
  const { effects = harmless, seconds = 600, annotated = false } = options;
  const pod = await getPod(namespace, name);
  const caller = options.caller ?? (await callerName(cluster)) ?? '';
  const nowMs = Date.now();
  const wanted: ShapeRecord = {
    token: randomBytes(4).toString('hex'),
    caller,
    reason: 'ticket 7',
    interface: 'eth0',
    direction: 'egress',
    effects,
    scope: { peers: ['198.18.102.1'], exclude: [], ports: [], sourcePorts: [], destinationPorts: [] },
    container: '',
    startedAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + seconds * 1000).toISOString(),
    podIPs: (pod.status?.podIPs ?? []).map(({ ip }) => ip),
  };
  const entered = await enterAdminContainer(entryContext(cluster), pod, { record: wanted, fresh: true });
  const record = { ...wanted, container: entered.container };
  const shaper = new PodShaper(entered.run);
  const scope = {
    peers: ['198.18.102.1/32'],
    excluded: [],
    exempt: [],
    ports: [],
    sourcePorts: [],
    destinationPorts: [],
  };
  const plan = planShape({ effects, direction: 'egress', scope }, 'eth0', await shaper.inspect([]));
  const { outcome, ...more } = await shaper.install(plan, record, seconds);
  if (outcome !== 'installed') throw new Error(`not shaped: ${outcome} ${JSON.stringify(more)}`);
  if (annotated) await writeShapeAnnotation(cluster, pod, record);
  return { record, shaper };
}

/** Kills the sandbox of a pod of node1, whose processes are this machine's: what is in its cgroup and in no container. */
export function killSandbox({ metadata: { uid = 'none' }, status }: Pod): void {
  const all = [...(status?.containerStatuses ?? []), ...(status?.ephemeralContainerStatuses ?? [])];
  const ids = all.map((each) => (each as { containerID?: string }).containerID?.split('//')[1] ?? 'none');
  for (const process of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const cgroup = readFileSync(`/proc/${process}/cgroup`, 'utf8');
      const isOfPod = cgroup.includes(uid) || cgroup.includes(uid.replaceAll('-', '_'));
      if (isOfPod && !ids.some((id) => cgroup.includes(id))) globalThis.process.kill(Number(process), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** The root qdiscs of a pod's eth0, as its own web server's neighbour sees them. */
export async function rootQdisc(shaper: PodShaper): Promise<string[]> {
  const { qdiscs } = await shaper.look();
  return qdiscs
    .filter(({ root, dev }) => root === true && dev === 'eth0')
    .map(({ kind, handle }) => `${kind} ${handle}`);
}

/** The pod once it is as `condition` wants it. */
export async function podWhen(namespace: string, name: string, condition: (pod: Pod) => boolean): Promise<Pod> {
  const giveUpMs = Date.now() + 40_000;
  for (;;) {
    const pod = await getPod(namespace, name);
    if (condition(pod) || Date.now() > giveUpMs) return pod;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
