// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import { ephemeralStatus } from '../kube/container-state.js';
import { containerNotReady } from '../kube/exec-status.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { clockTime } from '../model/clock-time.js';
import { clearShape, readAgain } from './clear-shape.js';
import { clockMs, endedEarly, noteCounters, outcomeOf, type LivingShape } from './living-shape.js';
import { ownershipOf } from './ownership.js';
import { failedOutcome, type ShapeOutcome } from './shape-outcome.js';
import { isFinished } from '../targets/pod-facts.js';

/** How long after its time a shape may still be there before it is cleared from here. */
const overdueMs = 10_000;
/** How long rules may be there that nobody holds: what ends a shape first says that it is none any more, and is slow on a slow node. */
const unheldMs = 8000;
/** How long the API server may be away beyond the end before nothing more is said than that. */
const unreachableMs = 30_000;

function podGone(pod: Pod): Failure {
  return new Failure('notFound', `pod ${podLabel(pod)} went away, and its shape with it`, { reason: 'PodVanished' });
}

/** One pod's shape, looked at again and again until it has ended. */
export class ShapeWatch {
  readonly #context: EntryContext;
  readonly #shape: LivingShape;
  readonly #hasEnd: boolean;
  #unheldSinceMs: number | undefined;

  /** `hasEnd`: it ends by its own time; otherwise any end is too early. */
  constructor(context: EntryContext, shape: LivingShape, { hasEnd }: { hasEnd: boolean }) {
    this.#context = context;
    this.#shape = shape;
    this.#hasEnd = hasEnd;
  }

  /** Whether rules of ours were there at the last look and nobody said to hold them: they are about to go, or were left. */
  get isUnheld(): boolean {
    return this.#unheldSinceMs !== undefined;
  }

  /** What became of the shape; undefined while it lasts. Throws Failure `interrupted`. */
  async look(): Promise<ShapeOutcome | undefined> {
    try {
      return await this.#see();
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === 'interrupted' || failure.code === 'bug') throw failure;
      return this.#explain(failure);
    }
  }

  /** As `look`, when it has to be there and is looked at for the last time: what cannot be asked has no good end either. */
  async lastLook(): Promise<ShapeOutcome | undefined> {
    try {
      const outcome = await this.#see();
      return outcome ?? (this.isUnheld ? endedEarly(this.#shape, 'what ends the shape was killed') : undefined);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === 'interrupted' || failure.code === 'bug') throw failure;
      return (await this.#explain(failure)) ?? this.#lost(failure);
    }
  }

  async #see(): Promise<ShapeOutcome | undefined> {
    const shape = this.#shape;
    const { prepared, record } = shape;
    const network = await prepared.shaper.look();
    const held = network.shape;
    if (held?.record.token === record.token) {
      noteCounters(shape, network);
      this.#unheldSinceMs = undefined;
      return held.remainingSeconds > -overdueMs / 1000 ? undefined : this.#clearOverdue();
    }
    if (ownershipOf(network, prepared.device).state !== 'ours') {
      const isOver = this.#hasEnd && performance.now() > shape.endMs - clockMs;
      if (isOver) return outcomeOf(shape, new Date());
      // What ends a shape is told to end when its pod is.
      const current = await readAgain(this.#context, prepared.pod);
      return current === undefined || current.metadata.deletionTimestamp !== undefined
        ? failedOutcome(podGone(prepared.pod), outcomeOf(shape, undefined))
        : endedEarly(shape, 'somebody cleared the shape before its time');
    }
    if (held !== undefined) {
      const { caller } = held.record;
      return endedEarly(shape, `another shape has taken its place${caller === undefined ? '' : `, by ${caller}`}`);
    }
    this.#unheldSinceMs ??= performance.now();
    return performance.now() - this.#unheldSinceMs < unheldMs
      ? undefined
      : this.#clearLeft('what ends the shape was killed');
  }

  async #clearOverdue(): Promise<ShapeOutcome> {
    const { prepared, record } = this.#shape;
    await clearShape(this.#context, prepared.pod, { token: record.token });
    const message = `pod ${podLabel(prepared.pod)}: the shape did not end at its time; it was cleared from here`;
    return { ...outcomeOf(this.#shape, new Date()), verdict: 'error', reason: 'NotCleared', message };
  }

  /** Clears what nobody will end, unless that is another's by now. */
  async #clearLeft(why: string): Promise<ShapeOutcome> {
    const shape = this.#shape;
    const { prepared, record } = shape;
    const { outcome } = await clearShape(this.#context, prepared.pod, { token: record.token });
    if (outcome === 'gone') return failedOutcome(podGone(prepared.pod), outcomeOf(shape, undefined));
    return endedEarly(shape, outcome === 'cleared' ? `${why}; the rules were cleared from here` : why);
  }

  /** What a failed look means: the pod is gone, its tool container was killed, or nobody can be asked at the moment. */
  async #explain(failure: Failure): Promise<ShapeOutcome | undefined> {
    const shape = this.#shape;
    const { pod, container } = shape.prepared;
    if (failure.code === 'notFound') return failedOutcome(podGone(pod), outcomeOf(shape, undefined));
    if (failure.code === 'tool' || failure.reason === containerNotReady) {
      try {
        const current = await readAgain(this.#context, pod);
        if (current === undefined || isFinished(current)) {
          return failedOutcome(podGone(pod), outcomeOf(shape, undefined));
        }
        if (ephemeralStatus(current, container)?.state?.terminated !== undefined) {
          return await this.#clearLeft('its tool container has ended');
        }
      } catch (thrown) {
        const other = asFailure(thrown);
        if (other.code === 'interrupted' || other.code === 'bug') throw other;
        // It is tried again with the next look.
      }
    }
    const overMs = performance.now() - shape.endMs;
    return this.#hasEnd && overMs > unreachableMs ? this.#lost(failure) : undefined;
  }

  #lost(failure: Failure): ShapeOutcome {
    const { prepared, record } = this.#shape;
    const message = `pod ${podLabel(prepared.pod)}: could not be read back: ${failure.message}`;
    const when = this.#hasEnd ? ` at ${clockTime(record.endsAt)}` : '';
    const hint = `the rules end by themselves${when}; see kubectl netmachinery shape list`;
    const lost = new Failure('cluster', message, { hint, reason: 'ConnectionLost', cause: failure });
    return failedOutcome(lost, outcomeOf(this.#shape, undefined));
  }
}
