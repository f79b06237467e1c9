// SPDX-License-Identifier: Apache-2.0
import { isObject } from './pod-template.js';

/**
 * Why the template of an object in the cluster cannot be changed; undefined where it can. A Job's is immutable (batch/v1:
 * `field is immutable`), and a pod takes no containers after it was made.
 */
export function whyNotLive(object: unknown): string | undefined {
  const kind = isObject(object) ? object['kind'] : undefined;
  if (kind === 'Job') return 'the template of a Job cannot be changed: delete it and create it from injected YAML';
  if (kind === 'Pod') {
    return 'a running pod takes no new container: inject its workload, or create the pod again from injected YAML';
  }
  return undefined;
}
