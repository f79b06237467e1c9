// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { positionalWords } from './positional-words.js';

export default class InjectUninstall extends Command {
  static override summary = 'Remove the controller, the webhook and NetworkProbers from the cluster';
  static override description = `Removes all that inject and inject enable install: namespace netmachinery-system, what it may do, the webhook's
configuration, the definition of NetworkProber, and the peer lists of every namespace.

Probers that are in pods stay there, and probe on with what they know until those are made anew: uninject them first.`;
  static override usage = 'inject uninstall [--force]';
  static override strict = false;
  static override examples = [
    { description: 'With the NetworkProbers of all namespaces', command: '<%= config.bin %> inject uninstall --force' },
  ];
  static override flags = {
    force: Flags.boolean({
      helpGroup: 'AGENTS',
      summary: 'Remove them also where NetworkProbers are left, which are deleted',
    }),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(InjectUninstall);
    const { injectUninstallCommand } = await import('./inject-uninstall-command.js');
    await injectUninstallCommand(positionalWords(raw), flags);
  }
}
