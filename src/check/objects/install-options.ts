// SPDX-License-Identifier: Apache-2.0
import type { NodeSelection } from '../../connectivity/expected.js';
import { checkLabel, type AgentNetwork, type CheckSettings } from '../../model/check.js';
import { version } from '../../version.js';

/** How a check is installed. */
export interface InstallOptions {
  image: string;
  /** Secrets of its namespaces. */
  imagePullSecrets: readonly string[];
  selection: NodeSelection;
  settings: CheckSettings;
  networks: readonly AgentNetwork[];
  /** Serves netchecker's API, unauthenticated. */
  legacyApi: boolean;
  /** And on a port of every node. */
  nodePort: boolean;
  /** Ports that the API server's own addresses listen on: a NetworkPolicy counts behind the Service. */
  apiPorts: readonly number[];
}

/** The value of `checkLabel` on everything of an installed check. */
export const installed = 'installed';

/** On everything that `check install` applies; `check uninstall` removes nothing without them. */
export const installedLabels: Readonly<Record<string, string>> = {
  'app.kubernetes.io/managed-by': 'netmachinery',
  'app.kubernetes.io/part-of': 'netmachinery',
  [checkLabel]: installed,
};

/** What Deployment, DaemonSets and Services select pods by. */
export function selectorLabels(name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name, [checkLabel]: installed };
}

export function labelsOf(name: string): Record<string, string> {
  return { ...installedLabels, ...selectorLabels(name), 'app.kubernetes.io/version': version };
}
