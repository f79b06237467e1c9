// SPDX-License-Identifier: Apache-2.0
import type { PairSymptom, Symptom } from './symptoms.js';

/**
 * Where one symptom is: between all nodes; at one node (both ways, or only what it sends or gets); between two parts of
 * the cluster; between two nodes, both ways or one; inside of a node. `isOtherWaySeen`: the other direction was tried, and
 * does not have the symptom everywhere.
 */
export type Place =
  | { scope: 'cluster'; nodes: string[]; alsoInside: boolean }
  | { scope: 'node' | 'from' | 'to'; node: string; peers: string[]; alsoInside: boolean; isOtherWaySeen: boolean }
  | { scope: 'parts'; parts: string[][] }
  | { scope: 'pair'; nodes: readonly [string, string] }
  | { scope: 'oneWay'; nodes: readonly [string, string]; isOtherWaySeen: boolean }
  | { scope: 'inside'; node: string };

export interface Placed {
  symptom: Symptom;
  place: Place;
  found: PairSymptom[];
}

/** The nodes that a place is about; of one direction the source first. */
export function placeNodes(place: Place): string[] {
  switch (place.scope) {
    case 'cluster':
      return place.nodes;
    case 'parts':
      return place.parts.flat();
    case 'pair':
    case 'oneWay':
      return [...place.nodes];
    default:
      return [place.node];
  }
}
