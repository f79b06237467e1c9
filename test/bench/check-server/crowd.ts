// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import type { Cluster } from '../../../src/kube/cluster.js';
import {
  agentNetworks,
  checkAgentName,
  checkHostNamespace,
  checkNamespace,
  type AgentIdentity,
} from '../../../src/model/check.js';
import { agentPod, fakeNode, podToken } from '../../integration/agents/check-server-world.js';

const atOnce = 32;
const namespaces = { pod: checkNamespace, host: checkHostNamespace } as const;

export interface CrowdAgent {
  agent: AgentIdentity;
  token: string;
}

/** Nodes without kubelets, and on each an agent's pod of each network, with the token that a kubelet would get for it. */
export async function createCrowd(admin: Cluster, nodes: number): Promise<CrowdAgent[]> {
  const limit = pLimit(atOnce);
  const names = Array.from({ length: nodes }, (_, index) => `bench-${String(index).padStart(4, '0')}`);
  await Promise.all(names.map((name) => limit(() => fakeNode(admin, name, 'bench', true))));
  const made = names.flatMap((node, index) =>
    agentNetworks.map((network) =>
      limit(async (): Promise<CrowdAgent> => {
        const namespace = namespaces[network];
        const pod = `${checkAgentName}-${node.slice(-4)}`;
        const ip = `198.${network === 'pod' ? 19 : 18}.${index >> 8}.${index & 255}`;
        await agentPod(admin, namespace, network, node, pod, ip);
        const token = await podToken(admin, namespace, pod);
        return { agent: { node, network, namespace, pod, ips: [ip] }, token };
      }),
    ),
  );
  return Promise.all(made);
}
