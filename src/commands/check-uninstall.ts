// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { durationFlag } from './flags/duration.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { positionalWords } from './positional-words.js';

const removal = 'REMOVAL';

export default class CheckUninstall extends Command {
  static override summary = 'Remove the agents, the server and all that they remember from the cluster';
  static override description = `Removes all that check install installs, in whatever way: both namespaces, what the server may do, the definition of
CheckAgent with what is known of outages, and the legacy API. Each object is named.

Nothing is touched that lacks our label: a netchecker with its own objects stays. One-shot checks go by themselves.`;
  static override usage = 'check uninstall [--no-wait]';
  static override strict = false;
  static override examples = [
    { description: 'And wait until the namespaces are gone', command: '<%= config.bin %> check uninstall' },
  ];
  static override flags = {
    timeout: durationFlag({
      flag: 'timeout',
      helpGroup: removal,
      helpValue: 'DURATION',
      default: 180_000,
      defaultHelp: () => Promise.resolve('3m'),
      minMs: 1,
      summary: 'How long the namespaces have to go',
    }),
    'no-wait': Flags.boolean({ helpGroup: removal, summary: 'Do not wait until the namespaces are gone' }),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(CheckUninstall);
    const { checkUninstallCommand } = await import('./check-uninstall-command.js');
    await checkUninstallCommand(positionalWords(raw), flags);
  }
}
