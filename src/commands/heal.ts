// SPDX-License-Identifier: Apache-2.0
import { Command } from '@oclif/core';
import { positionalWords } from './positional-words.js';
import { clearDescription, clearFlags } from './shape-clear.js';

export default class Heal extends Command {
  static override summary = 'Clear the shapes of pods (the same as shape clear)';
  static override description = clearDescription;
  static override usage = ['heal NAME...', 'heal -l SELECTOR', 'heal -n NAME', 'heal -A'];
  static override strict = false;
  static override examples = [{ description: 'One pod', command: '<%= config.bin %> heal pod/db-0' }];
  static override flags = clearFlags;

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Heal);
    const { shapeClearCommand } = await import('./shape-clear-command.js');
    await shapeClearCommand(positionalWords(raw), flags);
  }
}
