// SPDX-License-Identifier: Apache-2.0
import { checkCallerAnnotation, checkLabel } from '../../model/check.js';
import type { OncePlan } from './once-plan.js';

/** On everything of a one-shot check. */
export function labelsOf(id: string): Record<string, string> {
  return {
    'app.kubernetes.io/managed-by': 'netmachinery',
    'app.kubernetes.io/part-of': 'netmachinery',
    [checkLabel]: id,
  };
}

/** On everything of a one-shot check: who made it. */
export function annotationsOf({ caller }: OncePlan): Record<string, string> {
  return caller === undefined ? {} : { [checkCallerAnnotation]: caller };
}
