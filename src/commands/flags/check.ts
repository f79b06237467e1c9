// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import type { NodeSelection } from '../../connectivity/expected.js';
import {
  agentNetworks,
  defaultIntervalMs,
  defaultNeighbourCount,
  defaultPayloadEntries,
  type AgentNetwork,
  type CheckSettings,
} from '../../model/check.js';
import { agentImage } from './agents.js';
import { checkImagePullSecret, checkNodeLabel, checkToleration, externalNameOf, extraUrl } from './check-words.js';
import { settingFlag } from './setting-flag.js';

const nodes = 'NODES';
const probes = 'PROBES';

const mostNeighbours = 1000;
/** 200 kB of JSON: what agents answer is bounded. */
const mostPayloadEntries = 100_000;

/** Which nodes get agents, and of which image. */
export const checkSelectionFlags = {
  'node-selector': Flags.string({
    helpGroup: nodes,
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only nodes with these labels (joined by commas, or given again); without it all Linux nodes',
  }),
  toleration: Flags.string({
    helpGroup: nodes,
    helpValue: 'KEY[=VALUE][:EFFECT]',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only nodes whose taints are tolerated by these; without it every taint is',
  }),
  'include-unschedulable': Flags.boolean({
    helpGroup: nodes,
    summary: 'Count on agents on cordoned nodes too, where they are missing nothing else explains it',
  }),
  'no-host-network': Flags.boolean({
    helpGroup: nodes,
    summary: "No agents in the nodes' own network, and so no namespace of PodSecurity level privileged",
  }),
  'agent-image': settingFlag('agentImage', {
    helpGroup: 'AGENTS',
    summary: 'Image of the agents and the server, built from images/agent/Dockerfile',
  }),
};

/** What each agent is to reach. */
export const checkSettingsFlags = {
  neighbours: Flags.integer({
    helpGroup: probes,
    helpValue: 'N',
    min: 0,
    max: mostNeighbours,
    summary: `How many other nodes each one probes, the next on a ring; 0: all [default: ${defaultNeighbourCount}]`,
  }),
  payload: Flags.integer({
    helpGroup: probes,
    helpValue: 'ENTRIES',
    min: 1,
    max: mostPayloadEntries,
    summary: `Zeros in the body of large probes; N are 2 N + 1 bytes [default: ${defaultPayloadEntries}]`,
  }),
  'external-name': Flags.string({
    helpGroup: probes,
    helpValue: 'HOST',
    summary: 'A name outside of the cluster that each DNS pod is asked for; none unless given',
  }),
  url: Flags.string({
    helpGroup: probes,
    helpValue: 'URL',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A URL that each agent gets; none unless given',
  }),
};

/** Those flags, as they were parsed. */
export interface CheckFlags {
  'node-selector'?: string[] | undefined;
  toleration?: string[] | undefined;
  'include-unschedulable': boolean;
  'no-host-network': boolean;
  'agent-image'?: string | undefined;
  'image-pull-secret'?: string[] | undefined;
  neighbours?: number | undefined;
  payload?: number | undefined;
  'external-name'?: string | undefined;
  url?: string[] | undefined;
  /** Of `check install`, in ms. */
  interval?: number | undefined;
}

/** What the flags ask for. */
export interface CheckWords {
  selection: NodeSelection;
  settings: CheckSettings;
  networks: AgentNetwork[];
  image: string;
  imagePullSecrets: string[];
}

/** Flags to what they ask for. Throws Failure `usage`, also without an image. */
export function checkWords(flags: CheckFlags): CheckWords {
  const { 'external-name': externalName, url: urls = [] } = flags;
  return {
    selection: {
      nodeSelector: Object.fromEntries((flags['node-selector'] ?? []).flatMap(checkNodeLabel)),
      tolerations: (flags.toleration ?? []).map(checkToleration),
      includeUnschedulable: flags['include-unschedulable'],
    },
    settings: {
      intervalMs: flags.interval ?? defaultIntervalMs,
      neighbours: flags.neighbours ?? defaultNeighbourCount,
      payloadEntries: flags.payload ?? defaultPayloadEntries,
      ...(externalName === undefined ? {} : { externalName: externalNameOf(externalName) }),
      urls: [...new Set(urls.map(extraUrl))],
    },
    networks: flags['no-host-network'] ? ['pod'] : [...agentNetworks],
    image: agentImage(flags),
    imagePullSecrets: [...new Set((flags['image-pull-secret'] ?? []).map(checkImagePullSecret))],
  };
}
