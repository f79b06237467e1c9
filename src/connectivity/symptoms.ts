// SPDX-License-Identifier: Apache-2.0
import type { Family } from './family.js';
import type { Observation } from './observation.js';
import { bits, paths, type PairProbes, type Path } from './pair-probes.js';

/**
 * What fails of a pair: everything; all that goes between pods, or between the nodes' own networks, while the other
 * works; some ways from network to network; only what is large; only some protocols.
 */
export type Shape = 'all' | 'podNetwork' | 'hostNetwork' | 'paths' | 'large' | 'protocols';

export type Protocol = 'icmp' | 'tcp' | 'udp' | 'http';

/** What is broken, wherever it is. */
export interface Symptom {
  shape: Shape;
  /** That fail; of `large` none are told apart. */
  paths: readonly Path[];
  /** Only of `protocols`. */
  protocols: readonly Protocol[];
  /** Where only one of two families is concerned. */
  family: Family | undefined;
}

/** A symptom of one pair. */
export interface PairSymptom {
  symptom: Symptom;
  pair: PairProbes;
  failed: Observation[];
}

export function symptomKey({ shape, paths: ofPaths, protocols, family }: Symptom): string {
  return [shape, shape === 'paths' ? ofPaths.join() : '', protocols.join(), family ?? ''].join('|');
}

/** The probes that would show a symptom. */
export function probesOfSymptom({ shape, paths: ofPaths, protocols }: Symptom): number {
  switch (shape) {
    case 'all':
      return bits(paths);
    case 'podNetwork':
      return bits(['pod-pod']);
    case 'hostNetwork':
      return bits(['host-host']);
    case 'paths':
      return bits(ofPaths);
    case 'large':
      return bits(paths, ['large', 'mtu']);
    case 'protocols':
      return bits(ofPaths, protocols);
  }
}
