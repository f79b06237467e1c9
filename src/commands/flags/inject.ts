// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import {
  defaultMesh,
  defaultMetricsPort,
  defaultNeighbours,
  defaultPeriodMs,
  defaultPingPort,
} from '../../model/prober.js';
import { agentImageFlag } from './agents.js';
import { durationFlag } from './duration.js';
import { settingFlag } from './setting-flag.js';

const workloads = 'WORKLOADS';
const mesh = 'MESH';
const rollout = 'ROLL-OUT';
const ephemeral = 'RUNNING PODS';

/** Which workloads, or texts of them. */
export const workloadFlags = {
  filename: Flags.string({
    char: 'f',
    helpGroup: workloads,
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'YAML or JSON of workloads (a file, a folder, or - for stdin), changed on stdout; no cluster is needed',
  }),
  selector: Flags.string({
    char: 'l',
    helpGroup: workloads,
    helpValue: 'SELECTOR',
    summary: 'Workloads of a type by label: deploy -l app=web; with --ephemeral pods',
  }),
  recreate: Flags.boolean({
    helpGroup: workloads,
    summary: 'Bare pods are deleted and created again: nothing else changes their containers',
  }),
};

/** What the probers are to do. */
export const meshFlags = {
  mesh: Flags.string({
    helpGroup: mesh,
    helpValue: 'NAME',
    default: defaultMesh,
    summary: 'Probers of one mesh, in whatever namespaces, probe each other',
  }),
  period: durationFlag({
    flag: 'period',
    helpGroup: mesh,
    helpValue: 'DURATION',
    minMs: 10,
    maxMs: 86_400_000,
    summary: `Time between two probes of one pod [default: what the mesh has, else ${defaultPeriodMs / 1000}s]`,
  }),
  neighbours: Flags.integer({
    helpGroup: mesh,
    helpValue: 'N',
    min: 0,
    max: 1_000_000,
    default: defaultNeighbours,
    summary: 'From 50 members on each probes so many others; 0: all',
  }),
  'ping-port': Flags.integer({
    helpGroup: mesh,
    helpValue: 'PORT',
    min: 1,
    max: 65_535,
    default: defaultPingPort,
    summary: 'Port on which a prober is pinged',
  }),
  'metrics-port': Flags.integer({
    helpGroup: mesh,
    helpValue: 'PORT',
    min: 1,
    max: 65_535,
    default: defaultMetricsPort,
    summary: 'Port of its metrics',
  }),
  'native-sidecar': Flags.string({
    helpGroup: mesh,
    options: ['true', 'false', 'auto'],
    summary:
      'As an init container that goes on running (Kubernetes 1.29); auto: if the cluster has that [default: auto, with -f true]',
  }),
  static: Flags.boolean({
    helpGroup: mesh,
    summary: 'Write the list of peers once, and install no controller that keeps it',
  }),
  'agents-only': Flags.boolean({
    helpGroup: mesh,
    exclusive: ['static', 'filename', 'selector', 'recreate', 'ephemeral'],
    summary: 'Only have the lists of the namespace kept, for workloads that are injected by -f',
  }),
  'agent-image': agentImageFlag,
};

/** How new pods are waited for. */
export const waitFlags = {
  timeout: durationFlag({
    flag: 'timeout',
    helpGroup: rollout,
    helpValue: 'DURATION',
    default: 300_000,
    defaultHelp: () => Promise.resolve('5m'),
    minMs: 1,
    summary: 'How long new pods are waited for',
  }),
  'no-wait': Flags.boolean({ helpGroup: rollout, summary: 'Do not wait for new pods' }),
};

/** How the change is made. */
export const rolloutFlags = {
  ...waitFlags,
  'dry-run': Flags.string({
    helpGroup: rollout,
    options: ['none', 'client', 'server'],
    default: 'none',
    summary: 'Only say what would be changed; server: and ask whether it is allowed',
  }),
  output: Flags.string({
    char: 'o',
    helpGroup: 'OUTPUT',
    options: ['name', 'json', 'yaml'],
    summary: 'Print the workloads so, as kubectl apply does',
  }),
};

/** Probers in pods that run, for a while. */
export const ephemeralFlags = {
  ephemeral: Flags.boolean({
    helpGroup: ephemeral,
    exclusive: ['filename', 'recreate', 'static'],
    summary: 'Add the prober to running pods as an ephemeral container: no roll-out, and nothing is installed',
  }),
  duration: durationFlag({
    flag: 'duration',
    helpGroup: ephemeral,
    helpValue: 'DURATION',
    default: 600_000,
    defaultHelp: () => Promise.resolve('10m'),
    minMs: 1000,
    maxMs: 86_400_000,
    summary: 'How long such a prober stays',
  }),
  'max-pods': settingFlag('maxPods', {
    helpGroup: ephemeral,
    summary: 'Refuse to enter more pods than this',
  }),
};
