// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import { durationFlag } from './duration.js';

const selection = 'SELECTION';
const run = 'RUN';
const tool = 'TOOL CONTAINER';
const output = 'OUTPUT';

/** Which pods send, and to what. */
export const selectionFlags = {
  selector: Flags.string({
    char: 'l',
    helpGroup: selection,
    helpValue: 'SELECTOR',
    summary: 'Sources by label; then all arguments are destinations',
  }),
  'to-selector': Flags.string({ helpGroup: selection, helpValue: 'SELECTOR', summary: 'Destination pods by label' }),
  mode: Flags.string({
    helpGroup: selection,
    helpValue: 'one|all|random|N|N%',
    default: 'one',
    summary: 'How many of the source pods send; one is the first ready by name',
  }),
  'max-pods': Flags.integer({
    helpGroup: selection,
    min: 1,
    default: 10,
    summary: 'Refuse to send from, or enter, more pods than this',
  }),
  'from-node': Flags.string({ helpGroup: selection, helpValue: 'NODE', summary: 'Only source pods on this node' }),
  'ip-families': Flags.string({
    helpGroup: selection,
    options: ['ipv4', 'ipv6', 'both'],
    summary: "Address families; without it the source pod's first one that the destination has",
  }),
};

/** How a run goes and what it expects. */
export const expectationFlags = {
  expect: Flags.string({
    helpGroup: run,
    options: ['allow', 'deny'],
    default: 'allow',
    summary: 'Whether packets should arrive',
  }),
  control: Flags.string({
    helpGroup: run,
    helpValue: 'destination|none|SRC',
    summary: "Where --expect deny's positive control comes from; without it the run's other sources",
  }),
  timeout: durationFlag({
    flag: 'timeout',
    helpGroup: run,
    helpValue: 'DURATION',
    default: 60_000,
    defaultHelp: () => Promise.resolve('1m'),
    minMs: 1,
    summary: 'Limit of the whole run',
  }),
  'connect-timeout': durationFlag({
    flag: 'connect-timeout',
    helpGroup: run,
    helpValue: 'DURATION',
    default: 3500,
    defaultHelp: () => Promise.resolve('3.5s'),
    minMs: 1,
    summary: 'How long one attempt waits for its answer',
  }),
  concurrency: Flags.integer({ helpGroup: run, min: 1, default: 32, summary: 'How many source pods work at once' }),
};

/** The ephemeral container that tests run in, or the container that takes its place. */
export const toolFlags = {
  container: Flags.string({
    char: 'c',
    helpGroup: tool,
    helpValue: 'NAME',
    summary: 'Run the tools of this container of the pod; nothing is added',
  }),
  image: Flags.string({
    helpGroup: tool,
    env: 'NETMACHINERY_IMAGE',
    default: 'nicolaka/netshoot:v0.15',
    summary: 'Image with the standard tools',
  }),
  'image-pull-policy': Flags.string({
    helpGroup: tool,
    options: ['Always', 'IfNotPresent', 'Never'],
    default: 'IfNotPresent',
    summary: 'When the image is pulled',
  }),
  'tool-timeout': durationFlag({
    flag: 'tool-timeout',
    helpGroup: tool,
    helpValue: 'DURATION',
    default: 60_000,
    defaultHelp: () => Promise.resolve('1m'),
    minMs: 1,
    summary: 'How long to wait for a tool container to start',
  }),
  idle: durationFlag({
    flag: 'idle',
    helpGroup: tool,
    helpValue: 'DURATION',
    minMs: 1000,
    summary: 'A new tool container ends after this time without work (8h; 10m with added rights)',
  }),
};

/** How results are shown. */
export const outputFlags = {
  output: Flags.string({
    char: 'o',
    helpGroup: output,
    options: ['table', 'wide', 'json', 'yaml', 'csv', 'name'],
    default: 'table',
    summary: 'Format of the report on stdout',
  }),
  'no-headers': Flags.boolean({ helpGroup: output, summary: 'No header line' }),
  color: Flags.string({
    helpGroup: output,
    options: ['auto', 'always', 'never'],
    default: 'auto',
    summary: 'Colours; auto: on a terminal and without NO_COLOR',
  }),
  ignore: Flags.string({
    helpGroup: output,
    helpValue: 'VERDICT,...',
    summary: 'Verdicts that do not count for the exit code: unsupported, inconclusive',
  }),
  'exit-zero-on-failure': Flags.boolean({
    helpGroup: output,
    summary: 'Exit 0 when tests fail (they are still reported)',
  }),
};
