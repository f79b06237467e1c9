// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { checkFormats } from '../report/check/render-check.js';
import { checkSelectionFlags, checkSettingsFlags } from './flags/check.js';
import { durationFlag } from './flags/duration.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { colorFlag, outputFlags } from './flags/run.js';

const run = 'CHECK';
const output = 'OUTPUT';
/** Pods have to be started and asked within it. */
const leastTimeoutMs = 10_000;

export default class Check extends Command {
  static override summary = "Find out whether the whole cluster's network works, and where it does not";
  static override description = `Puts an agent on each node, one in the pod network and one in the node's own, has all of them probe each other, cluster DNS, the API server and a Service, says what is broken and where, and removes everything.

It says on stderr what it will create and asks; --yes answers. What is created lives in namespaces of its own, named netmachinery-check-ID, and ends
by itself after a while should this program be killed; clean -A removes what is left then. Nothing outside of the cluster is contacted unless --url or
--external-name ask for it. check install leaves agents in the cluster that go on probing.`;
  static override usage = ['check [--yes] [--node-selector KEY=VALUE]', 'check --dry-run=client -o yaml'];
  static override examples = [
    { description: 'Every Linux node, without being asked', command: '<%= config.bin %> check --yes' },
    {
      description: 'What would be created, to read it first',
      command: '<%= config.bin %> check --dry-run=client -o yaml',
    },
    {
      description: 'In CI, on some nodes, with results as JUnit XML',
      command: '<%= config.bin %> check --yes --node-selector pool=web --junit-file check.xml',
    },
  ];
  static override flags = {
    yes: Flags.boolean({ char: 'y', helpGroup: run, summary: 'Do not ask; needed where nobody can answer' }),
    timeout: durationFlag({
      flag: 'timeout',
      helpGroup: run,
      helpValue: 'DURATION',
      default: 180_000,
      defaultHelp: () => Promise.resolve('3m'),
      minMs: leastTimeoutMs,
      maxMs: 3_600_000,
      summary: 'Limit of the whole check, without its removal; agents are waited for half of it, at most 90s',
    }),
    'dry-run': Flags.string({
      helpGroup: run,
      options: ['none', 'client'],
      default: 'none',
      summary: 'Only say what would be created; with -o yaml or json whole objects',
    }),
    ...checkSelectionFlags,
    'image-pull-secret': Flags.string({
      helpGroup: 'AGENTS',
      helpValue: 'NAMESPACE/NAME',
      multiple: true,
      multipleNonGreedy: true,
      summary:
        'A Secret that the image is pulled with: it is copied into the namespaces of the check, and goes with them',
    }),
    ...checkSettingsFlags,
    output: Flags.string({
      char: 'o',
      helpGroup: output,
      helpValue: 'FORMAT',
      options: [...checkFormats],
      default: 'table',
      summary: 'Format of the report on stdout',
    }),
    'json-file': outputFlags['json-file'],
    'junit-file': outputFlags['junit-file'],
    'html-file': outputFlags['html-file'],
    'no-headers': outputFlags['no-headers'],
    color: colorFlag(output),
    ignore: outputFlags.ignore,
    'exit-zero-on-failure': outputFlags['exit-zero-on-failure'],
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Check);
    const { checkCommand } = await import('./check-command.js');
    await checkCommand(flags);
  }
}
