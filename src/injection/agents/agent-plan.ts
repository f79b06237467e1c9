// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import { isForbidden } from '../../kube/container-events.js';
import { controllerName, webhookName } from '../../model/prober.js';
import { version } from '../../version.js';
import { pathOf, type InstalledObject } from '../../installation/installed-object.js';
import { controllerObjects, webhookObjects } from './agent-objects.js';
import type { Agent, AgentOptions } from './agent-options.js';
import { peerListBinding } from './agent-rbac.js';
import type { AgentState, InstalledAgent } from './agent-state.js';
import { apiPorts } from '../../installation/api-ports.js';
import { getIfThere } from '../../installation/apply-object.js';
import { isNewer } from './is-newer.js';
import { networkProberDefinition } from './network-prober-definition.js';

export interface AgentRequest {
  agentImage: string;
  /** The agents' own image, where it is another one than the prober's. */
  controllerImage?: string | undefined;
  /** Who makes the webhook's certificate; what is installed says it where this does not, and else it is `own`. */
  certificates?: 'own' | 'cert-manager' | undefined;
  /** What NetworkProbers may name, beside `agentImage` and what they may by now. */
  allowImages?: readonly string[] | undefined;
  /** The namespaces whose peer lists the controller has to keep: a RoleBinding is made in each. */
  namespaces: readonly string[];
  /** Also the webhook and the NetworkProber definition; else the controller alone. */
  webhook: boolean;
  /** What to do where the agents may not be installed, for the hint: `--static needs none of them` unless said. */
  without?: string | undefined;
  /** Takes a line for the user for each thing that is installed. */
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Whether an agent has to be installed anew. One of a later release is left as it is. */
function isOutdated(agent: InstalledAgent | undefined, request: AgentRequest): boolean {
  if (agent === undefined) return true;
  if (isNewer(agent.version, version)) return false;
  const { agentImage, controllerImage = agentImage, certificates = agent.certificates, allowImages = [] } = request;
  return (
    !allowImages.every((image) => agent.allowedImages.includes(image)) ||
    agent.version !== version ||
    agent.image !== controllerImage ||
    agent.agentImage !== agentImage ||
    agent.certificates !== certificates
  );
}

/** What has to be done for a request. */
export interface Plan {
  /** To be applied, in this order. */
  objects: InstalledObject[];
  /** RoleBindings that are not there. */
  bindings: InstalledObject[];
  agents: Agent[];
  /** What was installed as this release does it, but with another image; it is put back where ours does not start. */
  former: InstalledObject[];
}

/** What is not there, or of another image or version. Throws as Cluster does. */
export async function planOf(cluster: Cluster, state: AgentState, request: AgentRequest): Promise<Plan> {
  const { agentImage, controllerImage, namespaces, signal } = request;
  // What is installed stays: an `inject` without the webhook is not to leave an old one beside a new controller.
  const hasWebhook = request.webhook || state.webhook !== undefined;
  const outdated = isOutdated(state.controller, request) || (hasWebhook && isOutdated(state.webhook, request));
  const bindings = await missingBindings(cluster, namespaces, signal);
  if (!outdated) return { objects: [], bindings, agents: [], former: [] };
  // A controller of a later release stays what it is, also where the webhook comes to it.
  const isLater = state.controller !== undefined && isNewer(state.controller.version, version);
  const { allowedImages: allowedBefore = [], certificates: asBefore } = state.controller ?? {};
  const allowedImages = [...new Set([...allowedBefore, ...(request.allowImages ?? [])])];
  const certificates = request.certificates ?? (asBefore === 'cert-manager' ? asBefore : 'own');
  const options: AgentOptions = {
    agentImage,
    controllerImage,
    allowedImages,
    certificates,
    apiPorts: await apiPorts(cluster, signal),
  };
  // The controller watches NetworkProbers whether there is a webhook or not.
  const [namespace, ...controller] = controllerObjects(options);
  const base = [...(namespace === undefined ? [] : [namespace]), await networkProberDefinition(), ...controller];
  const objects = [...(isLater ? [] : base), ...(hasWebhook ? webhookObjects(options) : [])];
  const agents: Agent[] = isLater ? [] : [controllerName];
  if (hasWebhook) agents.push(webhookName);
  return { objects, bindings, agents, former: formerObjects(state, options) };
}

/** The Deployments that are there, if this release made them: those of another one cannot be made from here. */
function formerObjects({ controller, webhook }: AgentState, options: AgentOptions): InstalledObject[] {
  return [
    { agent: controller, objectsOf: controllerObjects },
    { agent: webhook, objectsOf: webhookObjects },
  ].flatMap(({ agent, objectsOf }) => {
    if (agent?.version !== version) return [];
    const { image: controllerImage, agentImage, allowedImages } = agent;
    const certificates = agent.certificates === 'cert-manager' ? agent.certificates : 'own';
    return objectsOf({ ...options, controllerImage, agentImage, allowedImages, certificates }).filter(
      ({ kind }) => kind === 'Deployment',
    );
  });
}

async function missingBindings(
  cluster: Cluster,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<InstalledObject[]> {
  const bindings = [...new Set(namespaces)].map(peerListBinding);
  // Who may not look is told all that is missing when it comes to creating it.
  const find = (binding: InstalledObject) =>
    getIfThere(cluster, pathOf(binding), signal).catch((thrown: unknown) => {
      if (isForbidden(thrown)) return undefined;
      throw thrown;
    });
  const there = await Promise.all(bindings.map(find));
  return bindings.filter((_, index) => there[index] === undefined);
}
