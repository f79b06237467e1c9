// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { requireAccess } from '../../kube/access-review.js';
import type { Access } from '../../kube/access.js';
import type { Cluster } from '../../kube/cluster.js';
import { agentNamespace, controllerName, webhookName } from '../../model/prober.js';
import { fieldManager } from '../../installation/field-manager.js';
import { pathOf, resourceOf, type InstalledObject } from '../../installation/installed-object.js';
import { planOf, type AgentRequest, type Plan } from './agent-plan.js';
import { agentState, type AgentState } from './agent-state.js';
import { applyObject } from '../../installation/apply-object.js';
import { awaitAgent } from './await-agents.js';

/** Server-side apply of what may not be there is both; RoleBindings of meshes are only ever created. */
function accessesFor({ objects, bindings }: Plan): Access[] {
  const accesses = [
    ...objects.flatMap((object) => ['create', 'patch'].map((verb) => ({ verb, ...resourceOf(object) }))),
    ...bindings.map((binding) => ({ verb: 'create', ...resourceOf(binding) })),
  ];
  return [...new Map(accesses.map((access) => [JSON.stringify(access), access])).values()];
}

/** Somebody else may have been faster. */
async function createBinding(cluster: Cluster, binding: InstalledObject, signal: AbortSignal): Promise<void> {
  try {
    await cluster.create(pathOf(binding).replace(/\/[^/]+$/, ''), binding, { query: { fieldManager }, signal });
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.status !== 409) throw thrown;
  }
}

function withHint(thrown: unknown, hint: string): unknown {
  if (!(thrown instanceof Failure)) return thrown;
  const { code, message, remedy, status, reason, cause } = thrown;
  const words = [thrown.hint, hint].filter((word) => word !== undefined).join('; ');
  return new Failure(code, message, { hint: words, remedy, status, reason, cause });
}

/** All namespaces share the agents: an image that does not start is taken out again. Resolves with what is to be thrown. */
async function putBack(cluster: Cluster, { former }: Plan, thrown: unknown, signal: AbortSignal): Promise<unknown> {
  if (former.length === 0 || signal.aborted) return thrown;
  for (const object of former) await applyObject(cluster, object, { signal });
  return withHint(thrown, 'the agents have their former image again');
}

function sayWhat(state: AgentState, { agents, bindings }: Plan, request: AgentRequest): void {
  if (agents.length > 0) {
    const before = state.controller;
    const verb = before === undefined ? 'installing' : 'updating';
    const from = before === undefined ? '' : ` (it has ${before.image}, of version ${before.version || 'unknown'})`;
    const image = request.controllerImage ?? request.agentImage;
    request.say(`${verb} ${agents.join(' and ')} in namespace ${agentNamespace}, image ${image}${from}`);
  }
  for (const { metadata } of bindings) {
    request.say(`allowing ${controllerName} to keep the peer lists of namespace ${metadata.namespace ?? ''}`);
  }
}

/**
 * Installs the agents that are not there (or have another image or version) and waits until they run; nothing changes
 * where all is in place. Throws Failure: `forbidden` with all that is missing, `tool` in the kubelet's words where they do
 * not start, `interrupted` with what is in the cluster by then.
 */
export async function ensureAgents(cluster: Cluster, request: AgentRequest): Promise<void> {
  const { without = '--static needs none of the agents', signal } = request;
  let applied = 0;
  try {
    const state = await agentState(cluster, signal);
    const plan = await planOf(cluster, state, request);
    const accesses = accessesFor(plan);
    if (accesses.length > 0) await requireAccess(cluster, accesses, { signal });
    sayWhat(state, plan, request);
    for (const object of plan.objects) {
      await applyObject(cluster, object, { signal });
      applied += 1;
    }
    for (const binding of plan.bindings) await createBinding(cluster, binding, signal);
    const agents = request.webhook ? ([controllerName, webhookName] as const) : ([controllerName] as const);
    await Promise.all(agents.map((agent) => awaitAgent(cluster, agent, signal))).catch(async (thrown: unknown) => {
      throw await putBack(cluster, plan, thrown, signal);
    });
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    if (thrown.code === 'forbidden') throw withHint(thrown, without);
    const left = 'what is installed by now stays; kubectl netmachinery inject uninstall removes it';
    if (thrown.code === 'interrupted' && applied > 0) throw withHint(thrown, left);
    throw thrown;
  }
}
