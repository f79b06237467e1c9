// SPDX-License-Identifier: Apache-2.0
import definition from '../../../plugins-manifest/crds/legacy-agents.yaml';
import type { InstalledObject } from '../../installation/installed-object.js';
import { checkNamespace, checkServerName, checkServerPorts } from '../../model/check.js';
import { labelsOf, selectorLabels } from './install-options.js';
import { labelledDefinition } from './labelled-definition.js';
import { clusterWide, inNamespace } from './rbac.js';

/** All that netchecker's names are fixed to: its Service, the namespace of its objects, its NodePort. */
const serviceName = 'netchecker-service';
const objectNamespace = 'default';
const wellKnownNodePort = 31_081;
const group = 'network-checker.ext';

export const legacyDefinitionName = `agents.${group}`;

const name = 'netmachinery-check-legacy';

/** The definition of netchecker's agents, which is a file that `kubectl apply` takes too. */
export async function legacyDefinition(): Promise<InstalledObject> {
  const { load } = await import('js-yaml');
  return labelledDefinition(load(definition) as InstalledObject);
}

/** What the server may do beside everything else: netchecker's agents are told by the labels of pods, in all namespaces. */
export function legacyAccess(): InstalledObject[] {
  return [
    ...clusterWide(name, [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }]),
    ...inNamespace(objectNamespace, name, [
      {
        apiGroups: [group],
        resources: ['agents'],
        verbs: ['get', 'list', 'create', 'patch', 'delete'],
      },
    ]),
  ];
}

/** Where netchecker's agents and scripts look for its server: plain HTTP, for everybody. */
export function legacyService(nodePort: boolean): InstalledObject {
  const port = { name: 'legacy', port: checkServerPorts.legacy, targetPort: 'legacy', protocol: 'TCP' };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName, namespace: checkNamespace, labels: labelsOf(serviceName) },
    spec: {
      type: nodePort ? 'NodePort' : 'ClusterIP',
      selector: selectorLabels(checkServerName),
      ports: [nodePort ? { ...port, nodePort: wellKnownNodePort } : port],
    },
  };
}
