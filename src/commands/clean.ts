// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { podScopeFlags, upkeepDryRunFlag } from './flags/upkeep.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'CLEAN';

export default class Clean extends Command {
  static override summary = 'End the tool containers and ephemeral probers that you had added';
  static override description = `Ends your idle tool containers and the probers of inject --ephemeral, deletes probe pods of yours that were left, with -A also the
namespaces of checks that were killed, and lists what cannot be removed and why.

An ended container stays listed in its pod until the pod is replaced: Kubernetes removes no ephemeral container.
NAME is a pod, a workload (deploy/web) or a Service; without one everything in the namespace is looked at.`;
  static override usage = ['clean [NAME...] [-n NAME]', 'clean -l SELECTOR', 'clean -A'];
  static override strict = false;
  static override examples = [
    { description: 'Yours, in all namespaces', command: '<%= config.bin %> clean -A' },
    {
      description: "Everybody's, also where tests run; first see what that would be",
      command: '<%= config.bin %> clean -n shop --force --dry-run=client',
    },
  ];
  static override flags = {
    ...podScopeFlags(helpGroup, 'Look into every namespace'),
    force: Flags.boolean({ helpGroup, summary: 'End also what is busy, and what others had added' }),
    'dry-run': upkeepDryRunFlag(helpGroup),
    output: Flags.string({
      char: 'o',
      helpGroup,
      options: ['table', 'json', 'yaml', 'name'],
      default: 'table',
      summary: 'Format of the list on stdout',
    }),
    'no-headers': Flags.boolean({ helpGroup, summary: 'No header line' }),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Clean);
    const { cleanCommand } = await import('./clean-command.js');
    await cleanCommand(positionalWords(raw), flags);
  }
}
