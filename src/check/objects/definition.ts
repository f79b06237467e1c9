// SPDX-License-Identifier: Apache-2.0
import definition from '../../../plugins-manifest/crds/checkagents.yaml';
import type { InstalledObject } from '../../installation/installed-object.js';
import { checkServerName } from '../../model/check.js';
import { labelsOf } from './install-options.js';

/** The definition of CheckAgent, which is a file that `kubectl apply` takes too, with the labels that it is removed by. */
export async function checkAgentDefinition(): Promise<InstalledObject> {
  const { load } = await import('js-yaml');
  const { metadata, ...rest } = load(definition) as InstalledObject;
  return { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, ...labelsOf(checkServerName) } } };
}
