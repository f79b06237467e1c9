// SPDX-License-Identifier: Apache-2.0
import { isDnsSubdomain } from '../targets/names.js';

/**
 * Whether a word can be a mesh, as `meshVariable` has it. Whoever may create a pod writes that variable, and it becomes the path
 * of a ConfigMap and a label of a metric.
 */
export function isMesh(word: string): boolean {
  const names = word.split('/');
  return names.length <= 2 && names.every(isDnsSubdomain);
}
