// SPDX-License-Identifier: Apache-2.0
import type { NodeSelection } from '../../connectivity/expected.js';
import { agentNetworks, defaultCheckSettings, type AgentNetwork, type CheckSettings } from '../../model/check.js';
import { listOf, numberOf, objectOf, parsedObject, textOf, wholeOf, wordOf } from './shape.js';

/** What the ConfigMap of the settings says. */
export interface ServerSettings {
  check: CheckSettings;
  selection: NodeSelection;
  networks: readonly AgentNetwork[];
  legacyApi: boolean;
}

export const usualSettings: ServerSettings = {
  check: defaultCheckSettings,
  selection: { nodeSelector: {}, tolerations: [], includeUnschedulable: false },
  networks: agentNetworks,
  legacyApi: false,
};

const networks = new Set(agentNetworks);

/** `settings.json`; what it does not say is as usual. Throws Failure(usage). */
export function readSettings(text: string): ServerSettings {
  const fields = parsedObject(text, 'settings.json');
  const { check, selection } = usualSettings;
  const whole = (name: 'intervalMs' | 'neighbours' | 'payloadEntries', least: number, most: number): number =>
    fields[name] === undefined ? check[name] : wholeOf(fields[name], name, least, most);
  const externalName = fields['externalName'] ?? undefined;
  return {
    check: {
      intervalMs: numberOf(fields['intervalMs'] ?? check.intervalMs, 'intervalMs', 1000, 24 * 60 * 60 * 1000),
      neighbours: whole('neighbours', 0, 1e6),
      payloadEntries: whole('payloadEntries', 0, 1e6),
      ...(externalName === undefined ? {} : { externalName: textOf(externalName, 'externalName', 253) }),
      urls: listOf(fields['urls'] ?? [], 'urls', 100, (url) => textOf(url, 'a URL', 2048)),
    },
    selection: fields['selection'] === undefined ? selection : readSelection(fields['selection']),
    networks: listOf(fields['networks'] ?? agentNetworks, 'networks', 2, (each) => wordOf(each, 'a network', networks)),
    legacyApi: fields['legacyApi'] === true,
  };
}

function readSelection(value: unknown): NodeSelection {
  const fields = objectOf(value, 'selection');
  const labels = Object.entries(objectOf(fields['nodeSelector'] ?? {}, 'selection.nodeSelector'));
  return {
    nodeSelector: Object.fromEntries(labels.map(([key, label]) => [key, textOf(label, 'a label')])),
    tolerations: listOf(fields['tolerations'] ?? [], 'selection.tolerations', 1000, (each) =>
      objectOf(each, 'a toleration'),
    ),
    includeUnschedulable: fields['includeUnschedulable'] === true,
  };
}
