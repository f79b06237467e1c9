// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import {
  agentImageVariable,
  agentNamespace,
  controllerName,
  webhookName,
  allowedImagesVariable,
  certificatesVariable,
} from '../../model/prober.js';
import { versionLabel, type Agent } from './agent-options.js';
import { getIfThere } from '../../installation/apply-object.js';
import type { Deployment } from '../../installation/await-deployment.js';

/** An agent as it is installed. */
export interface InstalledAgent {
  /** Of the plugin that installed it; empty where that is not said. */
  version: string;
  /** Of its own container. */
  image: string;
  /** Of probers that name none. */
  agentImage: string;
  allowedImages: string[];
  certificates: string;
  availableReplicas: number;
}

function deploymentPath(agent: Agent): string {
  return `/apis/apps/v1/namespaces/${agentNamespace}/deployments/${agent}`;
}

function installed({ metadata, spec, status }: Deployment): InstalledAgent {
  const container = spec.template.spec.containers[0];
  const variable = (name: string) => container?.env?.find((entry) => entry.name === name)?.value ?? '';
  return {
    version: metadata.labels?.[versionLabel] ?? '',
    image: container?.image ?? '',
    agentImage: variable(agentImageVariable),
    allowedImages: variable(allowedImagesVariable)
      .split(',')
      .filter((word) => word !== ''),
    certificates: variable(certificatesVariable),
    availableReplicas: status?.availableReplicas ?? 0,
  };
}

export interface AgentState {
  controller: InstalledAgent | undefined;
  webhook: InstalledAgent | undefined;
}

/** Which agents are in the cluster. Throws Failure `forbidden` to those who may not see them. */
export async function agentState(cluster: Cluster, signal: AbortSignal): Promise<AgentState> {
  const [controller, webhook] = await Promise.all(
    ([controllerName, webhookName] as const).map(async (agent) => {
      const deployment = await getIfThere<Deployment>(cluster, deploymentPath(agent), signal);
      return deployment && installed(deployment);
    }),
  );
  return { controller, webhook };
}
