// SPDX-License-Identifier: Apache-2.0
import definition from '../../../plugins-manifest/crds/networkprobers.yaml';
import type { InstalledObject } from '../../installation/installed-object.js';

/** The definition of NetworkProber, which is a file that `kubectl apply` takes too. */
export async function networkProberDefinition(): Promise<InstalledObject> {
  const { load } = await import('js-yaml');
  return load(definition) as InstalledObject;
}
