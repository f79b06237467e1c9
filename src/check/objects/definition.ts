// SPDX-License-Identifier: Apache-2.0
import definition from '../../../plugins-manifest/crds/checkagents.yaml';
import type { InstalledObject } from '../../installation/installed-object.js';
import { labelledDefinition } from './labelled-definition.js';

/** The definition of CheckAgent, which is a file that `kubectl apply` takes too. */
export async function checkAgentDefinition(): Promise<InstalledObject> {
  const { load } = await import('js-yaml');
  return labelledDefinition(load(definition) as InstalledObject);
}
