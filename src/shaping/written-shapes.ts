// SPDX-License-Identifier: Apache-2.0
import { ephemeralStatus } from '../kube/container-state.js';
import type { Container, ContainerStatus, Pod } from '../kube/objects.js';
import { environmentValue, generationOf, imageVariable, shapeVariable } from '../kube/tool-container-spec.js';
import type { ShapeRecord } from '../model/shaping.js';
import { shapeAnnotation } from './shape-annotation.js';
import { isFinished } from '../targets/pod-facts.js';
import { parseShapeRecord } from './shape-record.js';

/** A shape whose tool container was killed before it had cleared it; the record was the container's last message. */
interface LeftShape {
  record: ShapeRecord;
  /** The pod has got another network since, or needs none any more. */
  isGone: boolean;
}

/** What is written about shapes in one pod's object: little of it, so that those of many pods can be held. */
export interface WrittenShapes {
  namespace: string;
  pod: string;
  podUid: string | undefined;
  node: string;
  /** Admin tool containers that run, or may: the newest first. */
  alive: readonly string[];
  /** The newest that no container says to have healed. */
  left: LeftShape | undefined;
  /** All that is written, be it long over. */
  records: readonly ShapeRecord[];
  /** The newest of them. */
  newest: ShapeRecord | undefined;
  hasAnnotation: boolean;
}

/** What a container that has cleared the rules of others ends with: the tokens of those shapes. */
interface Healed {
  healed: readonly string[];
}

/** The last words of a tool container that has cleared shapes whose own containers could not. */
export function healedMessage(tokens: readonly string[]): string {
  return JSON.stringify({ healed: tokens } satisfies Healed);
}

function healedTokens(text: string | undefined): readonly string[] {
  try {
    const { healed = [] } = JSON.parse(text ?? '{}') as Partial<Healed>;
    return Array.isArray(healed) ? (healed as readonly string[]) : [];
  } catch {
    return [];
  }
}

function generation({ name }: Container): number {
  return generationOf(name, 'admin') ?? 0;
}

function isAdminContainer(container: Container): boolean {
  return (
    generationOf(container.name, 'admin') !== undefined && environmentValue(container, imageVariable) !== undefined
  );
}

/** The kubelet's words before it has tried anything. */
const starting = ['ContainerCreating', 'PodInitializing'];

/** The kubelet reports a start up to a second late, and nothing before it has looked. */
function mayRun({ state = {} }: ContainerStatus = { name: '' }): boolean {
  if (state.terminated !== undefined) return false;
  const why = state.waiting?.reason;
  return state.running !== undefined || why === undefined || starting.includes(why);
}

/**
 * Whether a pod has got another sandbox since a container of it ended: another address, or a network that was made ready
 * after that (both times are the kubelet's, in whole seconds). KEP-3085.
 */
function hasNewNetwork({ status }: Pod, { podIPs }: ShapeRecord, finishedAt: string | undefined): boolean {
  const current = (status?.podIPs ?? []).map(({ ip }) => ip);
  if (current.length > 0 && current.join() !== podIPs.join()) return true;
  const ready = status?.conditions?.find(({ type }) => type === 'PodReadyToStartContainers');
  return ready?.status === 'True' && Date.parse(ready.lastTransitionTime ?? '') >= Date.parse(finishedAt ?? '');
}

function newestOf<T>(found: readonly T[], recordOf: (item: T) => ShapeRecord): T | undefined {
  const startOf = (item: T) => Date.parse(recordOf(item).startedAt);
  return found.reduce<T | undefined>(
    (best, item) => (best === undefined || startOf(item) > startOf(best) ? item : best),
    undefined,
  );
}

/** What is written about shapes in a pod; undefined where nothing of ours ever had the right to shape it. */
export function writtenShapes(pod: Pod): WrittenShapes | undefined {
  const { namespace = 'default', name, uid, annotations = {} } = pod.metadata;
  // The API server puts a new one before the others.
  const containers = (pod.spec.ephemeralContainers ?? [])
    .filter(isAdminContainer)
    .sort((left, right) => generation(right) - generation(left));
  const text = annotations[shapeAnnotation];
  if (containers.length === 0 && text === undefined) return undefined;
  const found = containers.map((container) => {
    const status = ephemeralStatus(pod, container.name);
    return { container, status, ended: status?.state?.terminated };
  });
  const healed = new Set(found.flatMap(({ ended }) => healedTokens(ended?.message)));
  const annotated = parseShapeRecord(text);
  const left = found.flatMap(({ container, ended }): LeftShape[] => {
    if (ended === undefined) return [];
    const record = parseShapeRecord(ended.message);
    if (record !== undefined && !healed.has(record.token)) {
      return [{ record, isGone: isFinished(pod) || hasNewNetwork(pod, record, ended.finishedAt) }];
    }
    // A node that goes down leaves no last message.
    const wentDown = annotated?.container === container.name && hasNewNetwork(pod, annotated, ended.finishedAt);
    return wentDown && !healed.has(annotated.token) ? [{ record: annotated, isGone: true }] : [];
  });
  const written = [
    ...left.map(({ record }) => record),
    ...found.map(({ container }) => parseShapeRecord(environmentValue(container, shapeVariable))),
    // A copy of a pod has its annotations, and none of its ephemeral containers.
    containers.some((container) => container.name === annotated?.container) ? annotated : undefined,
  ].filter((record) => record !== undefined);
  const alive = isFinished(pod) ? [] : found.filter(({ status }) => mayRun(status));
  return {
    namespace,
    pod: name,
    podUid: uid,
    node: pod.spec.nodeName ?? '',
    alive: alive.map(({ container }) => container.name),
    left: newestOf(left, ({ record }) => record),
    records: written,
    newest: newestOf(written, (record) => record),
    hasAnnotation: text !== undefined,
  };
}
