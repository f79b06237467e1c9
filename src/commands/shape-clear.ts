// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { toolFlags } from './flags/run.js';
import { podScopeFlags, upkeepDryRunFlag } from './flags/upkeep.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'CLEAR';

export const clearFlags = {
  ...podScopeFlags(helpGroup, 'Clear every shape of every namespace'),
  filename: Flags.string({
    char: 'f',
    helpGroup,
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'The shapes that these NetworkTrafficShaper and NetworkChaos manifests ask for, and no others',
  }),
  force: Flags.boolean({
    helpGroup,
    summary: 'Also look into named pods of which nothing is written; adds a tool container to each',
  }),
  'dry-run': upkeepDryRunFlag(helpGroup),
  output: Flags.string({
    char: 'o',
    helpGroup,
    options: ['table', 'json', 'yaml', 'name'],
    default: 'table',
    summary: 'Format of the report on stdout',
  }),
  'no-headers': Flags.boolean({ helpGroup, summary: 'No header line' }),
  image: toolFlags.image,
  'image-pull-policy': toolFlags['image-pull-policy'],
  'tool-timeout': toolFlags['tool-timeout'],
  reason: toolFlags.reason,
  ...kubernetesFlags,
};

/** What the descriptions of `shape clear` and `heal` have in common. */
export const clearDescription = `Clears the shapes of pods, whoever made them and from any machine, and reads back that they are cleared.

Only rules of ours are touched. A shape whose tool container runs is ended through that one; where it was killed, the pod
gets another one, which ends afterwards. NAME is a pod, a workload (deploy/web: all of its pods) or a Service. A pod of
which nothing is written that would hint at a shape is not entered, and that is no error.`;

export default class ShapeClear extends Command {
  static override summary = 'Clear the shapes of pods (the same as heal)';
  static override description = clearDescription;
  static override usage = [
    'shape clear NAME...',
    'shape clear -l SELECTOR',
    'shape clear -n NAME',
    'shape clear -A',
    'shape clear -f FILE',
  ];
  static override strict = false;
  static override examples = [
    { description: 'One pod', command: '<%= config.bin %> shape clear pod/db-0' },
    {
      description: 'Everything, everywhere; first see what that would be',
      command: '<%= config.bin %> shape clear -A --dry-run=client',
    },
  ];
  static override flags = clearFlags;

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(ShapeClear);
    const { shapeClearCommand } = await import('./shape-clear-command.js');
    await shapeClearCommand(positionalWords(raw), flags);
  }
}
