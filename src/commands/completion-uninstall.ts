// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';

export default class CompletionUninstall extends Command {
  static override summary = 'Remove what completion install has put on PATH';
  static override description = 'Files that are not from completion install stay.';
  static override usage = 'completion uninstall [--dir DIR]';
  static override examples = ['<%= config.bin %> completion uninstall'];
  static override flags = {
    dir: Flags.string({ helpValue: 'DIR', summary: 'Only look there [default: every folder of PATH]' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(CompletionUninstall);
    const { completionUninstallCommand } = await import('./completion-install-command.js');
    completionUninstallCommand(flags);
  }
}
