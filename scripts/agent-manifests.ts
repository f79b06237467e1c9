// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dump, load } from 'js-yaml';
import prettier from 'prettier';
import { agentAccount, agentDaemonSet } from '../src/check/objects/agent-daemon-set.js';
import type { InstallOptions } from '../src/check/objects/install-options.js';
import { labelledDefinition } from '../src/check/objects/labelled-definition.js';
import { namespaceObject as namespaceOfCheck } from '../src/check/objects/namespaces.js';
import { agentPolicy, serverPolicy } from '../src/check/objects/policies.js';
import { serverAccess } from '../src/check/objects/server-access.js';
import { serverDeployment, serverServices } from '../src/check/objects/server-workload.js';
import { settingsObject } from '../src/check/objects/settings.js';
import { controllerDeployment, webhookWorkload } from '../src/injection/agents/agent-deployments.js';
import { namespaceObject } from '../src/injection/agents/agent-namespace.js';
import type { InstalledObject } from '../src/installation/installed-object.js';
import { usualApiPorts } from '../src/installation/api-ports.js';
import type { AgentOptions } from '../src/injection/agents/agent-options.js';
import { controllerPolicy, webhookPolicy } from '../src/injection/agents/agent-policies.js';
import { controllerAccess, peerListBinding, webhookAccess } from '../src/injection/agents/agent-rbac.js';
import { everybodysAccess, userAccess } from '../src/injection/agents/user-rbac.js';
import { webhookConfiguration } from '../src/injection/agents/webhook-configuration.js';
import { agentNetworks, defaultIntervalMs, defaultNeighbourCount, defaultPayloadEntries } from '../src/model/check.js';

const agentsFolder = join(import.meta.dirname, '../plugins-manifest/agents');

export const manifestFolder = join(agentsFolder, 'prober');
export const checkManifestFolder = join(agentsFolder, 'check');

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

/** A check with its agents in both networks and without the legacy API. */
const checkOptions: InstallOptions = {
  image: 'netmachinery-agent',
  imagePullSecrets: [],
  selection: { nodeSelector: {}, tolerations: [], includeUnschedulable: false },
  settings: {
    intervalMs: defaultIntervalMs,
    neighbours: defaultNeighbourCount,
    payloadEntries: defaultPayloadEntries,
    urls: [],
  },
  networks: agentNetworks,
  legacyApi: false,
  nodePort: false,
  apiPorts: usualApiPorts,
};

/** The same of an installed check. */
function checkFiles(): Record<string, InstalledObject[]> {
  // The bundler embeds it as a text; here it is a file.
  const definition = readFileSync(join(agentsFolder, '../crds/checkagents.yaml'), 'utf8');
  return {
    'namespaces.yaml': agentNetworks.map(namespaceOfCheck),
    'definition.yaml': [labelledDefinition(load(definition) as InstalledObject)],
    'server-access.yaml': serverAccess(agentNetworks),
    'network-policies.yaml': [agentPolicy(), serverPolicy(checkOptions)],
    'settings.yaml': [settingsObject(checkOptions)],
    'server.yaml': [...serverServices(), serverDeployment(checkOptions)],
    'agents.yaml': agentNetworks.flatMap((network) => [agentAccount(network), agentDaemonSet(network, checkOptions)]),
  };
}

const head = (room: string) =>
  `# SPDX-License-Identifier: Apache-2.0\n# Written by \`npm run manifest\` from ${room}; do not edit.\n`;

async function textsOf(room: string, objectsOf: Readonly<Record<string, InstalledObject[]>>) {
  const texts = Object.entries(objectsOf).map(async ([name, objects]) => {
    const documents = objects.map((object) => dump(object, { lineWidth: -1, noRefs: true })).join('---\n');
    const text = head(room) + documents;
    return [name, await prettier.format(text, { parser: 'yaml', printWidth: 120, singleQuote: true })] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** The objects that `inject enable` applies, as YAML: text by file name. */
export function agentManifests(): Promise<Record<string, string>> {
  return textsOf('src/injection/agents', files);
}

/** The objects that `check install` applies, as YAML: text by file name. */
export function checkManifests(): Promise<Record<string, string>> {
  return textsOf('src/check/objects', checkFiles());
}

function write(folder: string, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Writes them where `kubectl apply -k` finds them. */
export async function writeAgentManifests(): Promise<void> {
  write(manifestFolder, await agentManifests());
  write(checkManifestFolder, await checkManifests());
}
