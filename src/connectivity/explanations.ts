// SPDX-License-Identifier: Apache-2.0
import { findingKinds, type CheckFinding } from '../model/check.js';
import type { Family } from './family.js';
import type { Observation } from './observation.js';

/** The way of a probe, to see whether something that is broken explains it. */
export interface Way {
  source: string;
  destination: string;
  /** `pod-host` and so on: network of the source and of the destination. */
  path: string;
  protocol: 'icmp' | 'tcp' | 'udp';
  family: Family | undefined;
  address: string | undefined;
}

/** A finding in the making. */
export interface Draft extends Omit<CheckFinding, 'failed'> {
  /** Whether it breaks other probes on this way too. */
  covers?: ((way: Way) => boolean) | undefined;
}

/** Findings, and which one explains each probe that failed: exactly one. */
export class Explanations {
  readonly #drafts: Draft[] = [];
  readonly #byObservation = new Map<Observation, Draft>();

  /** A finding that explains these probes, which none has explained before. */
  add(draft: Draft, observations: readonly Observation[]): void {
    this.#drafts.push(draft);
    for (const observation of observations) this.attach(draft, observation);
  }

  attach(draft: Draft, observation: Observation): void {
    if (this.#byObservation.has(observation)) throw new Error('a probe has two explanations');
    this.#byObservation.set(observation, draft);
  }

  of(observation: Observation): Draft | undefined {
    return this.#byObservation.get(observation);
  }

  /** What is known so far that breaks a way. */
  covering(way: Way): Draft | undefined {
    return this.#drafts.find(({ covers }) => covers?.(way) === true);
  }

  /** In the order of `findingKinds`, those that explain most first, then by their words. */
  findings(): CheckFinding[] {
    const failed = new Map<Draft, number>();
    for (const draft of this.#byObservation.values()) failed.set(draft, (failed.get(draft) ?? 0) + 1);
    return this.#drafts
      .map((draft) => {
        const { kind, severity, nodes, message, hint } = draft;
        const found = { kind, severity, nodes, message, failed: failed.get(draft) ?? 0 };
        return hint === undefined ? found : { ...found, hint };
      })
      .sort(
        (left, right) =>
          findingKinds.indexOf(left.kind) - findingKinds.indexOf(right.kind) ||
          right.failed - left.failed ||
          (left.message < right.message ? -1 : 1),
      );
  }
}
