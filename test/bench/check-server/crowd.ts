// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { ServerAccess } from '../../../src/agents/check-agent/environment.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import {
  agentNetworks,
  checkAgentName,
  checkHostNamespace,
  checkNamespace,
  checkServerName,
  type AgentIdentity,
} from '../../../src/model/check.js';
import { agentPod, fakeNode, podToken } from '../../integration/agents/check-server-world.js';

const atOnce = 32;
const namespaces = { pod: checkNamespace, host: checkHostNamespace } as const;

export interface CrowdAgent {
  agent: AgentIdentity;
  access: ServerAccess;
}

/**
 * Nodes without kubelets, and on each an agent's pod of each network, with the token that a kubelet would get for it in a file of
 * the folder. `authority`: the path of the server's, which may come later.
 */
export async function createCrowd(
  admin: Cluster,
  nodes: number,
  { folder, authority }: { folder: string; authority: string },
): Promise<CrowdAgent[]> {
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
        const token = join(folder, `${namespace}-${pod}.token`);
        await writeFile(token, await podToken(admin, namespace, pod), { mode: 0o600 });
        const name = `${checkServerName}.${checkNamespace}.svc`;
        return { agent: { node, network, namespace, pod, ips: [ip] }, access: { name, token, authority } };
      }),
    ),
  );
  return Promise.all(made);
}
