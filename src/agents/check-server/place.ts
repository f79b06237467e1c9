// SPDX-License-Identifier: Apache-2.0

/** The namespaces of a check: those of its pod-network agents and server, and of its agents in the nodes' network. */
export interface CheckPlace {
  namespace: string;
  /** Undefined where no agents are installed in the nodes' network: then it is not even there. */
  hostNamespace: string | undefined;
}

/** Group and version of CheckAgents. */
export const checkAgentVersion = 'netmachinery.io/v1';

/** Where `check-status` asks the server of its own pod, over loopback and plain HTTP: whoever can do that is in the pod. */
export const loopbackPort = 27082;

/** The path of CheckAgents. */
export function checkAgentsPath({ namespace }: CheckPlace): string {
  return `/apis/${checkAgentVersion}/namespaces/${namespace}/checkagents`;
}
