// SPDX-License-Identifier: Apache-2.0
import { controllerDeployment, webhookWorkload } from './agent-deployments.js';
import { namespaceObject } from './agent-namespace.js';
import type { AgentOptions } from './agent-options.js';
import type { InstalledObject } from '../../installation/installed-object.js';
import { controllerPolicy, webhookPolicy } from './agent-policies.js';
import { controllerAccess, webhookAccess } from './agent-rbac.js';
import { everybodysAccess, userAccess } from './user-rbac.js';
import { webhookConfiguration } from './webhook-configuration.js';

/** What keeps peer lists, in the order in which it is applied: each after what it needs. */
export function controllerObjects(options: AgentOptions): InstalledObject[] {
  return [
    namespaceObject(),
    ...everybodysAccess(),
    ...controllerAccess(),
    controllerPolicy(options),
    controllerDeployment(options),
  ];
}

/** What injects new pods, beside the controller and the NetworkProber definition. The API server is told of it last. */
export function webhookObjects(options: AgentOptions): InstalledObject[] {
  return [
    ...userAccess(),
    ...webhookAccess(),
    webhookPolicy(options),
    ...webhookWorkload(options),
    webhookConfiguration(),
  ];
}
