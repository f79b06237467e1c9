// SPDX-License-Identifier: Apache-2.0
import { asFailure, type Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { containerNotReady } from '../kube/exec-status.js';
import type { ShapeRecord, ShapeState } from '../model/shaping.js';
import { runInContainer } from './admin-container.js';
import { isOurRoot, ownershipOf } from './ownership.js';
import type { PodNetwork } from './pod-network.js';
import { PodShaper } from './pod-shaper.js';
import { markOf } from './shape-mark.js';
import type { WrittenShapes } from './written-shapes.js';

/** One node that hangs does not hold up a list of many. */
const askLimitMs = 15_000;

/** How a pod's shape stands. */
export interface Examined {
  /** `none`: there is no shape of ours, or one that is over. */
  state: ShapeState | 'none';
  /** Undefined only where rules of ours are there of which nothing is written any more, and for `none`. */
  record?: ShapeRecord | undefined;
  remainingSeconds?: number | undefined;
  /** The pod's network, where a container in it could be asked. */
  network?: PodNetwork | undefined;
  /** The admin tool container that was asked; the one that will end the shape, where one will. */
  container?: string | undefined;
  /** Why none could be asked, where one runs. */
  failure?: Failure | undefined;
}

interface Asked {
  container: string;
  network: PodNetwork;
}

export function isOurs(network: PodNetwork): boolean {
  return ownershipOf(network, network.defaultInterfaces[0] ?? '').state === 'ours';
}

/** The container whose keeper lives, else any that answers; a Failure where none answers that runs. */
async function ask(
  cluster: Cluster,
  written: WrittenShapes,
  signal: AbortSignal,
): Promise<Asked | Failure | undefined> {
  const { namespace, pod } = written;
  const answers = await Promise.all(
    written.alive.map(async (container): Promise<Asked | Failure> => {
      try {
        const run = runInContainer(cluster, { namespace, pod, container }, signal);
        const shaper = new PodShaper((argv, limitMs) => run(argv, Math.min(limitMs, askLimitMs)));
        return { container, network: await shaper.look() };
      } catch (thrown) {
        const found = asFailure(thrown);
        if (found.code === 'bug' || found.code === 'interrupted') throw found;
        return found;
      }
    }),
  );
  const networks = answers.filter((answer) => 'network' in answer);
  const failures = answers.filter((answer): answer is Failure => !('network' in answer));
  return (
    networks.find(({ network }) => network.shape !== undefined) ??
    networks[0] ??
    failures.find(({ reason, status }) => reason !== containerNotReady && status !== 404)
  );
}

/** The record of rules that nobody holds: they have its mark; those of a shape that was changed have an earlier one. */
function recordOf(network: PodNetwork, { records, newest }: WrittenShapes): ShapeRecord | undefined {
  const marks = network.qdiscs.filter(isOurRoot).map(({ options }) => options?.['r2q']);
  return records.find(({ token }) => marks.includes(markOf(token))) ?? newest;
}

/** Of a shape that nobody ends any more. */
function leftState({ endsAt }: ShapeRecord, nowMs: number): ShapeState {
  return Date.parse(endsAt) < nowMs ? 'expired' : 'tool container gone';
}

/** What is written where nobody can be asked. */
function unasked({ left }: WrittenShapes, nowMs: number): Examined {
  if (left === undefined) return { state: 'none' };
  const { record, isGone } = left;
  const state = leftState(record, nowMs);
  if (!isGone) return { state, record };
  // Until its time is over somebody may rely on it.
  return state === 'expired' ? { state: 'none' } : { state: 'gone', record };
}

/**
 * How the shape of a pod stands, by what is written and, where an admin tool container runs in it, by what that one sees.
 * Adds nothing to the pod. Throws Failure `interrupted`.
 */
export async function examineShape(cluster: Cluster, written: WrittenShapes, signal: AbortSignal): Promise<Examined> {
  const asked = await ask(cluster, written, signal);
  const nowMs = Date.now();
  const { newest } = written;
  if (asked === undefined) return unasked(written, nowMs);
  if (asked instanceof Error) {
    return newest === undefined
      ? { state: 'none', failure: asked }
      : { state: 'unknown', record: newest, failure: asked };
  }
  const { shape } = asked.network;
  if (shape !== undefined) {
    const { record, remainingSeconds } = shape;
    return { state: 'active', record, remainingSeconds, ...asked };
  }
  if (!isOurs(asked.network)) return { state: 'none', ...asked };
  const record = recordOf(asked.network, written);
  const state = record === undefined ? 'tool container gone' : leftState(record, nowMs);
  return { state, record, ...asked };
}
