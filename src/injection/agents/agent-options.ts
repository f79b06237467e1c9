// SPDX-License-Identifier: Apache-2.0
import { controllerName, webhookName } from '../../model/prober.js';
import { version } from '../../version.js';

/** How the agents are installed. */
export interface AgentOptions {
  /** The image of probers whose NetworkProber names none, and of the agents themselves. */
  agentImage: string;
  /** The agents' own image, where it is another one. */
  controllerImage?: string | undefined;
  /** What NetworkProbers may name beside `agentImage`. */
  allowedImages?: readonly string[] | undefined;
  /** Who makes the webhook's certificate: our controller, or cert-manager. */
  certificates: 'own' | 'cert-manager';
  /** Ports that the API server's own addresses listen on: a NetworkPolicy counts behind the Service. */
  apiPorts: readonly number[];
}

export type Agent = typeof controllerName | typeof webhookName;

/** What the objects of an agent are found by, and Deployments select their pods by. */
export function selectorLabels(agent: Agent): Record<string, string> {
  return { 'app.kubernetes.io/name': agent, 'app.kubernetes.io/part-of': 'netmachinery' };
}

/** On everything that we install. */
export const ourLabels: Readonly<Record<string, string>> = {
  'app.kubernetes.io/managed-by': 'netmachinery',
  'app.kubernetes.io/part-of': 'netmachinery',
};

export const versionLabel = 'app.kubernetes.io/version';

export function agentLabels(agent: Agent): Record<string, string> {
  return { ...ourLabels, ...selectorLabels(agent), [versionLabel]: version };
}

/** On the pods of our agents: the webhook is not asked about them. */
export const agentPodLabel = 'netmachinery.io/agent';
