// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import type { NodeSelection } from '../../connectivity/expected.js';
import {
  checkNamespace,
  checkServerName,
  checkSettingsName,
  type AgentNetwork,
  type CheckSettings,
} from '../../model/check.js';
import { labelsOf, type InstallOptions } from './install-options.js';

/** What the server reads of its ConfigMap while it runs. */
export interface InstalledSettings extends CheckSettings {
  selection: NodeSelection;
  networks: readonly AgentNetwork[];
  legacyApi: boolean;
}

/** The key within the ConfigMap. */
export const settingsKey = 'settings.json';

function installedSettings({ settings, selection, networks, legacyApi }: InstallOptions): InstalledSettings {
  return { ...settings, selection, networks, legacyApi };
}

/** What of an installed check changes while it runs. */
export function settingsObject(options: InstallOptions): InstalledObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: checkSettingsName, namespace: checkNamespace, labels: labelsOf(checkServerName) },
    data: { [settingsKey]: `${JSON.stringify(installedSettings(options), null, 2)}\n` },
  };
}
