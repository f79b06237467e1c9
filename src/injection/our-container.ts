// SPDX-License-Identifier: Apache-2.0
import { objectsIn, podSpec, isObject } from './pod-template.js';
import { neighboursVariable, proberContainerName } from '../model/prober.js';

/** Which list of a template holds a prober of ours; undefined where there is none. That of the seed's operator is not. */
export function ourContainer(template: unknown, name: string): 'containers' | 'initContainers' | undefined {
  const spec = podSpec(template, name);
  return (['containers', 'initContainers'] as const).find((list) =>
    objectsIn(spec, list, name).some(
      (container) =>
        container['name'] === proberContainerName &&
        Array.isArray(container['env']) &&
        container['env'].some((variable) => isObject(variable) && variable['name'] === neighboursVariable),
    ),
  );
}
