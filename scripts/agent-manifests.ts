// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dump } from 'js-yaml';
import prettier from 'prettier';
import { controllerDeployment, webhookWorkload } from '../src/injection/agents/agent-deployments.js';
import { namespaceObject } from '../src/injection/agents/agent-namespace.js';
import type { InstalledObject } from '../src/installation/installed-object.js';
import { usualApiPorts } from '../src/installation/api-ports.js';
import type { AgentOptions } from '../src/injection/agents/agent-options.js';
import { controllerPolicy, webhookPolicy } from '../src/injection/agents/agent-policies.js';
import { controllerAccess, peerListBinding, webhookAccess } from '../src/injection/agents/agent-rbac.js';
import { everybodysAccess, userAccess } from '../src/injection/agents/user-rbac.js';
import { webhookConfiguration } from '../src/injection/agents/webhook-configuration.js';

export const manifestFolder = join(import.meta.dirname, '../plugins-manifest/agents/prober');

/** The image is a name that kustomization.yaml replaces. */
const options: AgentOptions = { agentImage: 'netmachinery-agent', certificates: 'own', apiPorts: usualApiPorts };

/** The files of the Kustomize base, by their names in its folder. */
const files: Readonly<Record<string, InstalledObject[]>> = {
  'namespace.yaml': [namespaceObject()],
  'controller-access.yaml': controllerAccess(),
  'webhook-access.yaml': webhookAccess(),
  'user-access.yaml': [...everybodysAccess(), ...userAccess()],
  'network-policies.yaml': [controllerPolicy(options), webhookPolicy(options)],
  'controller.yaml': [controllerDeployment(options)],
  'webhook.yaml': webhookWorkload(options),
  'webhook-configuration.yaml': [webhookConfiguration()],
  // Not part of the base: for each namespace with a mesh one.
  'examples/peer-lists-of-shop.yaml': [peerListBinding('shop')],
};

const head =
  '# SPDX-License-Identifier: Apache-2.0\n# Written by `npm run manifest` from src/injection/agents; do not edit.\n';

/** The objects that `inject enable` applies, as YAML: text by file name. */
export async function agentManifests(): Promise<Record<string, string>> {
  const texts = Object.entries(files).map(async ([name, objects]) => {
    const documents = objects.map((object) => dump(object, { lineWidth: -1, noRefs: true })).join('---\n');
    return [
      name,
      await prettier.format(head + documents, { parser: 'yaml', printWidth: 120, singleQuote: true }),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** Writes them where `kubectl apply -k` finds them. */
export async function writeAgentManifests(): Promise<void> {
  for (const [name, text] of Object.entries(await agentManifests())) {
    const file = join(manifestFolder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
