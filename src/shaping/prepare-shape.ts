// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { podPath } from '../kube/tool-container-patch.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { enterAdminContainer, runInContainer } from './admin-container.js';
import { alreadyShaped } from './already-shaped.js';
import { clearShape } from './clear-shape.js';
import { examineShape } from './examine-shape.js';
import { foreignQdisc } from './foreign-qdisc.js';
import { isOurRoot, ownershipOf } from './ownership.js';
import type { PodInspection } from './pod-network.js';
import { PodShaper } from './pod-shaper.js';
import type { PreparedShape } from './prepared-shape.js';
import { planShape, type Rule } from './shape-plan.js';
import type { ShapeRequest, ShapeTask } from './shape-request.js';
import { readNode, scopeOf } from './shape-scope.js';
import { writtenShapes } from './written-shapes.js';
import type { ShapeRecord } from '../model/shaping.js';

function deviceOf(task: ShapeTask, { interfaces, defaultInterfaces }: PodInspection): string {
  const pod = podLabel(task.source.pod);
  if (task.interface !== undefined) {
    if (interfaces.some(({ name }) => name === task.interface)) return task.interface;
    const names = interfaces.map(({ name }) => name).join(', ');
    throw new Failure('usage', `pod ${pod} has no interface ${task.interface}`, { hint: `it has: ${names}` });
  }
  const [device] = defaultInterfaces;
  if (device !== undefined) return device;
  throw new Failure('usage', `pod ${pod} has no default route, so nothing says which interface is meant`, {
    hint: `name one with --interface: ${interfaces.map(({ name }) => name).join(', ')}`,
  });
}

/** What is written, or another tool container knows, of the shape that a pod has. */
async function writtenRecord({ cluster, signal }: EntryContext, pod: Pod): Promise<ShapeRecord | undefined> {
  const written = writtenShapes(await cluster.get<Pod>(podPath(pod), { signal }));
  return written && (await examineShape(cluster, written, signal)).record;
}

/** The plan, with the node in the words of what its kernel lacks. */
function planFor(task: ShapeTask, rule: Rule, device: string, inspection: PodInspection) {
  try {
    return planShape(rule, device, inspection);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'unsupported') throw thrown;
    const { message, hint, reason } = thrown;
    throw new Failure('unsupported', `node ${task.source.node}: ${message}`, { hint, reason, cause: thrown });
  }
}

/**
 * Enters one pod, looks what its network is like and plans the rules; nothing of its network is changed yet. Throws
 * Failure: `unsupported` (what the kernel lacks, a foreign root qdisc), `tool` (AlreadyShaped), and what entering a pod throws.
 */
export async function prepareShape(
  context: EntryContext,
  request: Pick<ShapeRequest, 'replace' | 'dryRun'>,
  task: ShapeTask,
  { record, annotates, pod = task.source.pod }: { record: ShapeRecord; annotates: boolean; pod?: Pod },
): Promise<PreparedShape> {
  const nodeName = task.source.node;
  const hosts = [...task.peers.peers.hosts, ...task.peers.excluded.hosts];
  const [entered, node] = await Promise.all([
    // Where nothing can be written beside it, the container's own specification has to say what is true.
    enterAdminContainer(context, pod, { record, fresh: !annotates }),
    readNode(context.cluster, nodeName, context.signal),
  ]);
  const { container, run } = entered;
  const shaper = new PodShaper(run);
  const inspection = await shaper.inspect(hosts);
  const device = deviceOf(task, inspection);
  const isTaken = ownershipOf(inspection, device).state === 'ours';
  if (isTaken && !request.replace) {
    throw alreadyShaped(podLabel(pod), inspection.shape?.record ?? (await writtenRecord(context, pod)));
  }
  const others = { ...inspection, qdiscs: inspection.qdiscs.filter((qdisc) => !isOurRoot(qdisc)) };
  const ownership = ownershipOf(others, device);
  if (ownership.state === 'foreign') throw foreignQdisc(podLabel(pod), device, ownership.what);
  const rule: Rule = {
    effects: task.effects,
    direction: task.direction,
    scope: scopeOf(task, task.peers, inspection, node),
  };
  const plan = planFor(task, rule, device, inspection);
  const place = { namespace: task.source.namespace, pod: task.source.name, container };
  const changer = new PodShaper(runInContainer(context.cluster, place));
  const replaces = isTaken ? inspection.shape?.record : undefined;
  const makeRoom = async () => {
    await clearShape(context, pod);
    // It shows which of our containers have ended.
    const current = await context.cluster.get<Pod>(podPath(pod), { signal: context.signal });
    return prepareShape(context, request, task, { record, annotates, pod: current });
  };
  const known = {
    task,
    pod,
    node,
    container,
    shaper,
    changer,
    run,
    inspection,
    device,
    rule,
    plan,
    replaces,
    annotates,
  };
  return { ...known, makeRoom: isTaken && replaces === undefined ? makeRoom : undefined };
}
