// SPDX-License-Identifier: Apache-2.0
import type { Way } from './explanations.js';
import type { Place, Placed } from './place.js';

/** Whether what is broken here breaks other probes on that way too. */
export function covers({ symptom, place }: Placed, way: Way): boolean {
  if (symptom.family !== undefined && way.family !== undefined && way.family !== symptom.family) return false;
  if (!isOnWay(place, way)) return false;
  const isOnPath = symptom.paths.some((path) => path === way.path);
  switch (symptom.shape) {
    case 'all':
      return true;
    case 'large':
      return false;
    case 'protocols':
      return isOnPath && symptom.protocols.some((protocol) => protocol === way.protocol);
    default:
      return isOnPath;
  }
}

function isOnWay(place: Place, { source, destination }: Way): boolean {
  const isInside = source === destination;
  switch (place.scope) {
    case 'cluster':
      return !isInside || place.alsoInside;
    case 'node':
      return isInside ? place.alsoInside && source === place.node : source === place.node || destination === place.node;
    case 'from':
      return source === place.node && (!isInside || place.alsoInside);
    case 'to':
      return destination === place.node && (!isInside || place.alsoInside);
    case 'parts': {
      const part = (node: string) => place.parts.findIndex((names) => names.includes(node));
      return part(source) >= 0 && part(destination) >= 0 && part(source) !== part(destination);
    }
    case 'pair':
      return !isInside && place.nodes.includes(source) && place.nodes.includes(destination);
    case 'oneWay':
      return place.nodes[0] === source && place.nodes[1] === destination;
    case 'inside':
      return isInside && source === place.node;
  }
}
