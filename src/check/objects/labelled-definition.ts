// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import { checkServerName } from '../../model/check.js';
import { labelsOf } from './install-options.js';

/** A definition with the labels of an installed check, by which it is removed. */
export function labelledDefinition({ metadata, ...rest }: InstalledObject): InstalledObject {
  return { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, ...labelsOf(checkServerName) } } };
}
