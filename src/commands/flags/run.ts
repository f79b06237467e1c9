// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import { longestAttemptMs } from '../../model/longest-attempt.js';
import { durationFlag } from './duration.js';
import { settingFlag } from './setting-flag.js';

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
  'max-pods': settingFlag('maxPods', {
    helpGroup: selection,
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
    maxMs: longestAttemptMs,
    summary: 'How long one attempt waits for its answer',
  }),
  concurrency: settingFlag('concurrency', { helpGroup: run, summary: 'How many source pods work at once' }),
};

/** Also of commands that only speak of the image. */
export const imageFlag = settingFlag('image', { helpGroup: tool, summary: 'Image with the standard tools' });

/** The ephemeral container that tests run in, or the container that takes its place. */
export const toolFlags = {
  container: Flags.string({
    char: 'c',
    helpGroup: tool,
    helpValue: 'NAME',
    summary: 'Run the tools of this container of the pod; nothing is added',
  }),
  'no-exec': Flags.boolean({
    helpGroup: tool,
    summary: 'Add an ephemeral container for each command and read its log; needs no permission to execute',
  }),
  'probe-pod': Flags.boolean({
    helpGroup: tool,
    summary: 'Send from a pod of ours with the same labels, service account and node; it is removed afterwards',
  }),
  image: imageFlag,
  'image-pull-policy': settingFlag('imagePullPolicy', { helpGroup: tool, summary: 'When the image is pulled' }),
  'tool-timeout': settingFlag('toolTimeout', {
    helpGroup: tool,
    summary: 'How long to wait for a tool container to start',
  }),
  idle: settingFlag('idle', {
    helpGroup: tool,
    summary: 'A new tool container ends after this time without work (8h; 10m with added rights)',
  }),
  reason: settingFlag('reason', {
    helpGroup: tool,
    summary: "Why; stays readable in a new tool container's specification, beside who asked",
  }),
};

const fileFlag = (summary: string) => Flags.string({ helpGroup: output, helpValue: 'FILE', summary });

/** The report in files beside what stdout gets; several together, each replaced when the run is over. */
const reportFileFlags = {
  'json-file': fileFlag('Write the report as JSON as well; kubectl netmachinery report reads it'),
  'junit-file': fileFlag('Write it as JUnit XML as well'),
  'tap-file': fileFlag('Write it as TAP version 14 as well'),
  'html-file': fileFlag('Write it as one HTML page as well'),
};

/** Also of commands that show no results of tests. */
export const colorFlag = (helpGroup: string) =>
  settingFlag('color', { helpGroup, summary: 'Colours; auto: on a terminal and without NO_COLOR' });

/** How results are shown. */
export const outputFlags = {
  output: Flags.string({
    char: 'o',
    helpGroup: output,
    helpValue: 'FORMAT',
    options: ['table', 'wide', 'json', 'yaml', 'csv', 'junit', 'tap', 'html', 'name'],
    default: 'table',
    summary: 'Format of the report on stdout',
  }),
  ...reportFileFlags,
  'no-headers': Flags.boolean({ helpGroup: output, summary: 'No header line' }),
  color: colorFlag(output),
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
