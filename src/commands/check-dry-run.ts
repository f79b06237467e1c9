// SPDX-License-Identifier: Apache-2.0
import { onceObjects } from '../check/once/once-objects.js';
import type { OncePlan } from '../check/once/once-plan.js';
import { Failure } from '../errors/failure.js';
import { sayPlan } from './check-consent.js';
import { objectText } from './object-text.js';

const objectFormats = ['json', 'yaml'];

/** Throws Failure `usage` for a format of reports only. */
export function refuseForDryRun(output: string): void {
  if (output === 'table' || objectFormats.includes(output)) return;
  throw new Failure('usage', `--dry-run has no format ${output}: must be one of table, json, yaml`);
}

/** What would be created: by name, or as one list that kubectl takes. */
export async function printDryRun(plan: OncePlan, output: string): Promise<void> {
  const items = onceObjects(plan);
  sayPlan(plan);
  if (objectFormats.includes(output)) {
    process.stdout.write(await objectText({ apiVersion: 'v1', kind: 'List', items }, output));
    return;
  }
  for (const { kind, metadata } of items) {
    const where = metadata.namespace === undefined ? '' : ` -n ${metadata.namespace}`;
    process.stdout.write(`${kind.toLowerCase()}/${metadata.name}${where} created (dry run)\n`);
  }
}
