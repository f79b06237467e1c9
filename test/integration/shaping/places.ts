// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { execWhenReady } from '../../../src/kube/exec-when-ready.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import type { Pod } from '../../../src/kube/objects.js';
import { podPath } from '../../../src/kube/tool-container-patch.js';
import { prepareToolContainer } from '../../../src/kube/tool-container.js';
import type { ShapeRecord } from '../../../src/model/shaping.js';
import { enterAdminContainer, type AdminContainer, type AdminOptions } from '../../../src/shaping/admin-container.js';
import type { ShapePlan } from '../../../src/shaping/pod-network.js';
import { PodShaper } from '../../../src/shaping/pod-shaper.js';
import { kubectl } from '../../e2e/kubectl.js';

const image = process.env['NETMACHINERY_IMAGE'] ?? '';

/** An admin container of a pod as it is now, and what shapes the pod from there. */
export async function shaperIn(
  cluster: Cluster,
  pod: Pod,
  options: Partial<AdminOptions> = {},
): Promise<AdminContainer & { shaper: PodShaper }> {
  const context = {
    cluster,
    tool: {
      image,
      imagePullPolicy: 'IfNotPresent' as const,
      startTimeoutMs: 240_000,
      entry: { by: 'toolContainer' as const },
    },
    signal: new AbortController().signal,
    observer: { notice: () => undefined, left: () => undefined, progress: () => undefined },
  };
  const current = await cluster.get<Pod>(podPath(pod));
  const entered = await enterAdminContainer(context, current, { fresh: false, ...options });
  return { ...entered, shaper: new PodShaper(entered.run) };
}

export function record(more: Partial<ShapeRecord> = {}): ShapeRecord {
  return {
    token: randomBytes(4).toString('hex'),
    caller: 'somebody',
    reason: `it's "$(id)" \\n é`,
    interface: 'eth0',
    direction: 'egress',
    effects: { rateBitsPerSecond: 10_000_000 },
    scope: { peers: [], exclude: [], ports: [], sourcePorts: [], destinationPorts: [] },
    container: '',
    startedAt: new Date().toISOString(),
    endsAt: new Date().toISOString(),
    podIPs: [],
    ...more,
  };
}

/** All that a pod sends over IPv4, through this leaf. */
export function planOf(leaf: string, more: Partial<ShapePlan> = {}): ShapePlan {
  return {
    interface: 'eth0',
    by: [leaf.split(' ')[0] ?? ''],
    root: 'qdisc add dev eth0 root handle 6e6d: htb',
    links: [],
    tc: [
      'class add dev eth0 parent 6e6d: classid 6e6d:1 htb rate 32gbit quantum 60000',
      `qdisc add dev eth0 parent 6e6d:1 handle 6e6e: ${leaf}`,
      'filter add dev eth0 parent 6e6d: protocol ip pref 100 u32 match u32 0 0 flowid 6e6d:1',
    ],
    nft: '',
    ...more,
  };
}

export const slowPlan = planOf('tbf rate 10mbit burst 16kb latency 100ms');

/** The same for what it receives, and a table of nft: one of everything that has to go again. */
export const fullPlan: ShapePlan = {
  ...slowPlan,
  links: ['link add nm-ifb type ifb', 'link set nm-ifb up'],
  tc: [
    ...slowPlan.tc,
    'qdisc add dev nm-ifb root handle 6e6d: htb',
    'qdisc add dev eth0 clsact',
    'filter add dev eth0 ingress protocol ip pref 28269 u32 match u32 0 0 action mirred egress redirect dev nm-ifb',
  ],
  nft: 'table netdev netmachinery {\n  counter matched { }\n}',
};

/** What `ip`, `tc` and `nft` say of the pod's network, with numbers that pass left out; as somebody else sees it. */
export async function networkOf(cluster: Cluster, pod: Pod): Promise<string> {
  const script =
    'ip -o link show | cut -d" " -f2; tc qdisc show; tc filter show dev eth0 ingress; nft list tables; ls /tmp/.netmachinery | grep shape-';
  return adminExec(cluster, pod, script);
}

/** Runs a shell script in an admin container that none of ours is taken for, as another user of the pod might. */
export async function adminExec(cluster: Cluster, pod: Pod, script: string): Promise<string> {
  const current = await cluster.get<Pod>(podPath(pod));
  const request = { image, capabilities: ['NET_ADMIN', 'NET_RAW'] };
  const container = await prepareToolContainer(cluster, current, request);
  const chunks: Buffer[] = [];
  const onStdout = (chunk: Buffer) => chunks.push(chunk);
  await execWhenReady(cluster, container, {
    argv: ['sh', '-c', `${script} 2>&1`],
    deadlineMs: 240_000,
    onStdout,
    onStderr: onStdout,
  });
  return Buffer.concat(chunks).toString();
}

/** Kills process 1 of a container of node1, whose processes are this machine's. */
export async function killContainer(pod: Pod, container: string): Promise<void> {
  const { namespace = '', name } = pod.metadata;
  const statusOf = async () => {
    const { status } = JSON.parse(await kubectl(['get', 'pod', '-n', namespace, name, '-o', 'json'])) as Pod;
    const all = [...(status?.ephemeralContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    return all.find((each) => each.name === container && each.state?.running !== undefined);
  };
  // The status comes later than the container.
  let found = await statusOf();
  for (; found === undefined; found = await statusOf()) await sleep(200);
  const id = (found as { containerID?: string }).containerID?.split('//')[1] ?? 'none';
  for (const process of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (isFirstOf(process, id)) globalThis.process.kill(Number(process), 'SIGKILL');
  }
}

function isFirstOf(process: string, containerId: string): boolean {
  try {
    const cgroup = readFileSync(`/proc/${process}/cgroup`, 'utf8');
    return cgroup.includes(containerId) && /^NSpid:.*\s1$/m.test(readFileSync(`/proc/${process}/status`, 'utf8'));
  } catch {
    return false;
  }
}
