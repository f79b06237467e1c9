// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { ephemeralStatus } from '../kube/container-state.js';
import type { Pod } from '../kube/objects.js';
import { pause } from '../kube/pause.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { podPath } from '../kube/tool-container-patch.js';
import { endCommand } from '../kube/tool-container-script.js';
import type { ClearItem, ClearOutcome, ShapeRecord } from '../model/shaping.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { enterAdminContainer, runInContainer } from './admin-container.js';
import { describeEffects } from './describe-effects.js';
import { examineShape, isOurs, type Examined } from './examine-shape.js';
import { PodShaper, type RunInPod } from './pod-shaper.js';
import { countersOf } from './readback.js';
import { removeShapeAnnotation } from './shape-annotation.js';
import { isFinished } from '../targets/pod-facts.js';
import { healedMessage, writtenShapes, type WrittenShapes } from './written-shapes.js';

const limitMs = 15_000;
/** The kubelet reports the end of a container a second or two after it. */
const statusLimitMs = 5000;
const statusEveryMs = 200;

export interface ClearOptions {
  /** Only the shape of this token; without one whatever is ours. */
  token?: string | undefined;
  /** Only a shape of which this is true; one of which nothing is written any more is none of them. */
  only?: ((record: ShapeRecord) => boolean) | undefined;
  /** Also adds a tool container where nothing says that the pod is shaped. */
  force?: boolean;
  /** Who asks, as the API server calls them; written into a tool container that is added. */
  caller?: string | undefined;
}

/** The place that clears. */
interface Workplace {
  container: string;
  run: RunInPod;
  /** Its own shape is what is cleared; any other clears what was left. */
  isHolder: boolean;
  /** It was added for this. */
  isAdded: boolean;
}

export function clearItem(pod: Pod, outcome: ClearOutcome, message: string, shape: ShapeRecord | undefined): ClearItem {
  const { namespace = 'default', name } = pod.metadata;
  const node = pod.spec.nodeName ?? '';
  return { namespace, pod: name, node, outcome, message, ...(shape === undefined ? {} : { shape }) };
}

/** The pod as it is now; undefined where it is gone, or another one has its name. */
export async function readAgain({ cluster, signal }: EntryContext, pod: Pod): Promise<Pod | undefined> {
  try {
    const current = await cluster.get<Pod>(podPath(pod), { signal });
    return pod.metadata.uid === undefined || current.metadata.uid === pod.metadata.uid ? current : undefined;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 404) return undefined;
    throw thrown;
  }
}

/** Whether a tool container has to be added for it. */
export function needsContainer({ state, container }: Examined, force: boolean): boolean {
  return container === undefined && (force || state === 'expired' || state === 'tool container gone');
}

async function workplace(
  context: EntryContext,
  pod: Pod,
  examined: Examined,
  { token, force = false, caller }: ClearOptions,
): Promise<Workplace | undefined> {
  const { cluster, signal } = context;
  const { namespace = 'default', name } = pod.metadata;
  const { container, failure, state } = examined;
  if (container !== undefined) {
    const run = runInContainer(cluster, { namespace, pod: name, container }, signal);
    return { container, run, isHolder: state === 'active', isAdded: false };
  }
  if (failure !== undefined) throw failure;
  // One that was just added answers a little later, and whoever knows the token has just added it.
  const isStarting = token !== undefined && (writtenShapes(pod)?.alive.length ?? 0) > 0;
  if (isFinished(pod) || (!isStarting && !needsContainer(examined, force))) return undefined;
  const entered = await enterAdminContainer(context, pod, { fresh: false, caller });
  return { container: entered.container, run: entered.run, isHolder: false, isAdded: entered.added };
}

/**
 * Lets a container that has cleared what was left by others end with saying so, and waits until the pod's status has it:
 * their last messages, which say that rules were left, stay there until the pod is replaced. Best effort: the rules are
 * gone, whatever is written.
 */
async function leaveWord(context: EntryContext, pod: Pod, place: Workplace, tokens: readonly string[]): Promise<void> {
  const { cluster, signal } = context;
  const { namespace = 'default', name } = pod.metadata;
  const { container } = place;
  const say = ['sh', '-c', 'printf %s "$1" >/dev/termination-log', 'netmachinery-healed', healedMessage(tokens)];
  try {
    await place.run(say, limitMs);
    await cluster.exec({ namespace, pod: name, container, argv: endCommand(true), deadlineMs: limitMs, signal });
  } catch (thrown) {
    // What ends takes the exec along.
    if (!(thrown instanceof Failure) || thrown.code === 'bug') throw thrown;
  }
  const giveUpMs = performance.now() + statusLimitMs;
  while (performance.now() < giveUpMs) {
    const current = await readAgain(context, pod);
    if (current === undefined || ephemeralStatus(current, container)?.state?.terminated !== undefined) return;
    await pause(statusEveryMs, signal);
  }
}

function packetWords(packets: number, dropped: number): string {
  const count = packets === 1 ? '1 packet' : `${packets} packets`;
  return dropped === 0 ? `it had been applied to ${count}` : `it had been applied to ${count} and dropped ${dropped}`;
}

/** `delay 100ms, of jane`; empty words where nothing is known of it. */
export function shapeWords(record: ShapeRecord | undefined): string {
  if (record === undefined) return 'rules of ours of which nothing is written any more';
  return `${describeEffects(record.effects)}${record.caller === undefined ? '' : `, of ${record.caller}`}`;
}

/** Why nothing is left of a shape. */
export function goneWords(pod: Pod): string {
  return isFinished(pod) ? 'the pod has finished' : 'the pod has got another network since';
}

function notShaped(pod: Pod, written: WrittenShapes | undefined, record: ShapeRecord | undefined): ClearItem {
  const why =
    written === undefined
      ? 'nothing of ours ever had the right to shape it'
      : 'it has no shape of ours, or one that has ended by itself';
  return clearItem(pod, 'nothingToClear', why, record);
}

async function clearIn(
  context: EntryContext,
  pod: Pod,
  { place, examined, token }: { place: Workplace; examined: Examined; token: string | undefined },
): Promise<ClearItem> {
  const { record, state } = examined;
  // Rules that nobody holds have the mark of their first token, which is not that of a shape that was changed in place.
  const isLeft = state !== 'active' && record !== undefined && record.token === token;
  const { cleared, network, before } = await new PodShaper(place.run).clear(isLeft ? undefined : token);
  if (cleared === 'others') return clearItem(pod, 'nothingToClear', 'another shape has taken its place', record);
  if (isOurs(network)) {
    throw new Failure('tool', `pod ${podLabel(pod)} still has rules of ours after they were cleared`, {
      reason: 'NotCleared',
      hint: 'try it again; replacing the pod removes them in any case',
    });
  }
  const written = writtenShapes(pod);
  const healed = [record, written?.left?.record].flatMap((each) => each?.token ?? []);
  const tokens = [...new Set(healed)];
  if (place.isAdded || (!place.isHolder && tokens.length > 0)) await leaveWord(context, pod, place, tokens);
  if (cleared === 'nothing') return notShaped(pod, written, record);
  const { packets, droppedPackets } = countersOf(before);
  return clearItem(pod, 'cleared', `${shapeWords(record)}; ${packetWords(packets, droppedPackets)}`, record);
}

/** What is said of an annotation that stays. */
async function withoutAnnotation(context: EntryContext, pod: Pod, item: ClearItem, token?: string): Promise<ClearItem> {
  const { cluster, signal } = context;
  const removed = await removeShapeAnnotation(cluster, pod, { token, signal });
  if (removed !== 'forbidden') return item;
  return { ...item, message: `${item.message}; its annotation stays, because pods may not be patched` };
}

/** Whether what was found is what is to be cleared. */
export function isMeant({ state, record }: Examined, { only }: Pick<ClearOptions, 'only'>): boolean {
  if (only === undefined || state === 'none') return true;
  return record !== undefined && only(record);
}

/**
 * Clears the shape of one pod, whoever made it: through the container that holds it, else through any admin tool container
 * that runs, else through a new one, which ends again. Reads back, removes the annotation, and never touches what is not
 * ours. A pod that is gone is an outcome. Throws Failure where it could not be done (reason NotCleared where rules of ours
 * are still there), and what adding a tool container throws.
 */
export async function clearShape(context: EntryContext, pod: Pod, options: ClearOptions = {}): Promise<ClearItem> {
  const current = await readAgain(context, pod);
  if (current === undefined) return clearItem(pod, 'gone', 'the pod is gone', undefined);
  const written = writtenShapes(current);
  const examined: Examined =
    written === undefined ? { state: 'none' } : await examineShape(context.cluster, written, context.signal);
  const { token } = options;
  const { record } = examined;
  if (token !== undefined && record !== undefined && record.token !== token) {
    return clearItem(current, 'nothingToClear', 'another shape has taken its place', record);
  }
  if (!isMeant(examined, options)) {
    return clearItem(current, 'nothingToClear', `its shape is another one: ${shapeWords(record)}`, record);
  }
  if (examined.state === 'gone') {
    return withoutAnnotation(context, current, clearItem(current, 'gone', goneWords(current), record), token);
  }
  const place = await workplace(context, current, examined, options);
  const item =
    place === undefined
      ? notShaped(current, written, undefined)
      : await clearIn(context, current, { place, examined, token });
  return withoutAnnotation(context, current, item, token);
}
