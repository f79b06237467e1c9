// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';

export default class CompletionInstall extends Command {
  static override summary = 'Let kubectl complete kubectl netmachinery';
  static override description = `Puts kubectl_complete-netmachinery, a short script that kubectl's own completion runs, beside kubectl-netmachinery on PATH: krew installs one file only. It stays as it is when the plugin is upgraded.

kubectl's own completion has to be on, as kubectl completion --help says.`;
  static override usage = 'completion install [--dir DIR] [--force]';
  static override examples = [
    '<%= config.bin %> completion install',
    {
      description: 'Where the plugin is in a folder that only root may write to',
      command: '<%= config.bin %> completion install --dir ~/.local/bin',
    },
  ];
  static override flags = {
    dir: Flags.string({ helpValue: 'DIR', summary: 'A folder of PATH [default: where kubectl-netmachinery is]' }),
    force: Flags.boolean({ summary: 'Overwrite a file of that name that is not ours' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(CompletionInstall);
    const { completionInstallCommand } = await import('./completion-install-command.js');
    completionInstallCommand(flags);
  }
}
