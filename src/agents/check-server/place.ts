// SPDX-License-Identifier: Apache-2.0
import { checkHostNamespace, checkNamespace } from '../../model/check.js';

/** The namespaces of a check: those of its pod-network agents and server, and of its agents in the nodes' network. */
export interface CheckPlace {
  namespace: string;
  hostNamespace: string;
}

export const usualPlace: CheckPlace = { namespace: checkNamespace, hostNamespace: checkHostNamespace };

/** Group and version of CheckAgents. */
export const checkAgentVersion = 'netmachinery.io/v1';

/** Where `check-status` asks the server of its own pod, over loopback and plain HTTP: whoever can do that is in the pod. */
export const loopbackPort = 27082;

/** The path of CheckAgents. */
export function checkAgentsPath({ namespace }: CheckPlace): string {
  return `/apis/${checkAgentVersion}/namespaces/${namespace}/checkagents`;
}
