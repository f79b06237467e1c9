// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { podScopeFlags } from './flags/upkeep.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'LIST';

export default class ShapeList extends Command {
  static override summary = 'List the shapes of pods, and what became of those that were left';
  static override description = `Says which pods are shaped, how, by whom, and until when, by what is written in the pods and by what is active in them.

Nothing is added to a pod: where a tool container runs that holds a shape, it is asked. STATE is active, expired or
tool container gone (rules were left: shape clear removes them), gone (the pod has another network since), or unknown
(you may not execute in the pod). NAME is a pod, a workload (deploy/web) or a Service.`;
  static override usage = ['shape list [NAME...] [-n NAME | -A]', 'shape list -l SELECTOR'];
  static override strict = false;
  static override examples = [
    { description: 'In all namespaces', command: '<%= config.bin %> shape list -A' },
    { description: 'As it changes', command: '<%= config.bin %> shape list -n shop --watch' },
  ];
  static override flags = {
    ...podScopeFlags(helpGroup, 'Look into every namespace'),
    watch: Flags.boolean({
      char: 'w',
      helpGroup,
      summary: 'Keep looking: redraws on a terminal, elsewhere prints a line for each change',
    }),
    output: Flags.string({
      char: 'o',
      helpGroup,
      helpValue: 'FORMAT',
      options: ['table', 'wide', 'json', 'yaml', 'name'],
      default: 'table',
      summary: 'Format of the list on stdout',
    }),
    'no-headers': Flags.boolean({ helpGroup, summary: 'No header line' }),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(ShapeList);
    const { shapeListCommand } = await import('./shape-list-command.js');
    await shapeListCommand(positionalWords(raw), flags);
  }
}
