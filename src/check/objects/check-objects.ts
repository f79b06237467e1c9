// SPDX-License-Identifier: Apache-2.0
import type { InstalledObject } from '../../installation/installed-object.js';
import { agentNetworks } from '../../model/check.js';
import { agentAccount, agentDaemonSet } from './agent-daemon-set.js';
import { checkAgentDefinition } from './definition.js';
import type { InstallOptions } from './install-options.js';
import { legacyAccess, legacyDefinition, legacyService } from './legacy.js';
import { namespaceObject } from './namespaces.js';
import { agentPolicy, serverPolicy } from './policies.js';
import { serverAccess } from './server-access.js';
import { serverDeployment, serverServices } from './server-workload.js';
import { settingsObject } from './settings.js';

/** What is applied, in two steps: agents need the authority that the server makes. */
export interface CheckObjects {
  /** Each after what it needs. */
  server: InstalledObject[];
  agents: InstalledObject[];
}

/** Everything of an installed check. */
export async function checkObjects(options: InstallOptions): Promise<CheckObjects> {
  const { networks, legacyApi, nodePort } = options;
  const server = [
    ...networks.map(namespaceObject),
    await checkAgentDefinition(),
    ...(legacyApi ? [await legacyDefinition()] : []),
    ...serverAccess(networks),
    ...(legacyApi ? legacyAccess() : []),
    ...networks.map(agentAccount),
    serverPolicy(options),
    agentPolicy(),
    settingsObject(options),
    ...serverServices(),
    ...(legacyApi ? [legacyService(nodePort)] : []),
    serverDeployment(options),
  ];
  return { server, agents: networks.map((network) => agentDaemonSet(network, options)) };
}

/** All that any installation may consist of, for who removes it: only kinds, names and namespaces count. */
export async function everyCheckObject(): Promise<InstalledObject[]> {
  const { server, agents } = await checkObjects({
    image: '',
    imagePullSecrets: [],
    selection: { nodeSelector: {}, tolerations: [], includeUnschedulable: false },
    settings: { intervalMs: 0, neighbours: 0, payloadEntries: 0, urls: [] },
    networks: agentNetworks,
    legacyApi: true,
    nodePort: false,
    apiPorts: [],
  });
  return [...server, ...agents];
}
