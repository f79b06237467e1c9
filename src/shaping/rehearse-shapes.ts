// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { findToolContainer } from '../kube/tool-container.js';
import { rehearseToolContainers } from '../kube/tool-container-rehearsal.js';
import { podsGet, toolRequest, type EntryContext } from '../runs/pod-entry.js';
import { probesAtRisk } from './probe-timeouts.js';
import { isLimited } from './scope.js';
import type { ShapeRequest, ShapeTask } from './shape-request.js';

/** What an administrator's capability is called that shaping needs. */
const shapeCapabilities: readonly string[] = ['NET_ADMIN'];

function refuseHostNetwork({ tasks, allowHostNetwork }: ShapeRequest): void {
  const onNode = tasks.find(
    ({ source, scope }) => source.pod.spec.hostNetwork === true && (!allowHostNetwork || scope.peers.length === 0),
  );
  if (onNode === undefined) return;
  const { pod, node } = onNode.source;
  throw new Failure('usage', `pod ${podLabel(pod)} is in the network of node ${node}: the node would be shaped`, {
    hint: 'to shape only its traffic with a peer: --allow-host-network together with --peer',
  });
}

/** Throws Failure `usage` where the kubelet's probes would fail, with what would. */
function refuseFailingProbes({ tasks, force }: ShapeRequest): string[] {
  const risks = tasks
    .filter(({ scope }) => !isLimited(scope))
    .flatMap(({ source, effects, direction, durationMs }) =>
      probesAtRisk(source.pod, { effects, direction }, durationMs).map(
        (risk) => `pod ${podLabel(source.pod)}: ${risk}`,
      ),
    );
  const [first] = risks;
  if (first === undefined) return [];
  if (force) return risks;
  const more = risks.length === 1 ? '' : ` (and ${risks.length - 1} more)`;
  throw new Failure('usage', `${first}${more}`, {
    hint: 'limit it with --peer or --port, which leaves the node alone; or shape all the same with --force',
  });
}

/**
 * Before the first change: refuses what should not be done, asks the API server whether it may be done, and what it would say
 * to the change. Throws Failure `usage` or `forbidden`; what single pods refuse is in the result.
 */
export async function rehearseShapes(
  { cluster, tool, signal }: EntryContext,
  request: ShapeRequest,
  caller: string | undefined,
): Promise<{ refusals: Map<ShapeTask, Failure>; notices: string[]; warnings: string[] }> {
  refuseHostNetwork(request);
  const warnings = refuseFailingProbes(request);
  const { tasks } = request;
  const wanted = toolRequest(tool, shapeCapabilities, caller);
  const byPod = await rehearseToolContainers(
    cluster,
    tasks.map(({ source }) => source.pod),
    wanted,
    { signal },
  );
  const refusals = new Map<ShapeTask, Failure>();
  for (const task of tasks) {
    const refusal = byPod.get(task.source.pod);
    if (refusal !== undefined) refusals.set(task, refusal);
  }
  const changed = tasks.filter(
    (task) => !refusals.has(task) && findToolContainer(task.source.pod, wanted) === undefined,
  ).length;
  const notices =
    changed === 0 || request.dryRun !== 'none'
      ? []
      : [
          `${podsGet(changed)} an ephemeral container (image ${tool.image}) with user 0 and NET_ADMIN; it ends when idle, but its entry in the pod stays until the pod is replaced`,
        ];
  return { refusals, notices, warnings };
}
