// SPDX-License-Identifier: Apache-2.0
import { loadText } from '../../connectivity/load.js';
import { Failure } from '../../errors/failure.js';
import type { InstallOptions } from '../objects/install-options.js';
import { namespaceOf } from '../objects/namespaces.js';
import type { AbsentAgent } from './await-agents.js';

/** What is about to be installed and what it costs, one line each. */
export function installLines(options: Omit<InstallOptions, 'apiPorts'>, nodes: number): string[] {
  const { image, networks, settings, legacyApi, nodePort } = options;
  const namespaces = networks.map(namespaceOf);
  const which = networks.length === 1 ? `the ${networks[0] ?? ''} network` : 'the pod network and one in that of nodes';
  const where = nodePort ? ', on port 31081 of every node' : '';
  return [
    `a check in ${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${namespaces.join(' and ')}: a server of 2 replicas, and an agent in ${which} on ${nodes === 1 ? '1 node' : `each of ${nodes} nodes`}, image ${image}`,
    `load: ${loadText(nodes, networks.length, settings)}`,
    ...(legacyApi
      ? [
          `Warning: netchecker's API is served without authentication${where}: everybody who reaches it can read and report`,
        ]
      : []),
  ];
}

/** Some agents absent are what `check status` tells of; without any the installation has failed. */
export function judgeAbsent(absent: readonly AbsentAgent[], expected: number, say: (line: string) => void): void {
  const [first] = absent;
  if (first === undefined) return;
  if (absent.length >= expected) {
    throw new Failure('tool', `no agent has started; on node ${first.node} (${first.network}): ${first.cause}`, {
      hint: /Image|Registry|Signature/.test(first.cause)
        ? 'the nodes must be able to pull the image; --agent-image names another one'
        : 'kubectl netmachinery check uninstall removes what is there',
    });
  }
  for (const { node, network, cause } of absent) say(`Warning: no agent on node ${node} (${network}): ${cause}`);
}
