// SPDX-License-Identifier: Apache-2.0
import { Command } from '@oclif/core';
import { optionsText } from '../help/options-text.js';
import { helpWidth } from '../help/help-width.js';

export default class Options extends Command {
  static override summary = "Print kubectl's own options, which commands that ask the cluster take";
  static override description = 'They mean what they mean in kubectl, and stand behind the name of the command.';
  static override usage = 'options';
  static override examples = [
    { description: "Print kubectl's own options", command: '<%= config.bin %> options' },
    {
      description: 'Use some of them',
      command: '<%= config.bin %> ping deploy/web svc/api -n shop --context staging --request-timeout 5s',
    },
  ];

  async run(): Promise<void> {
    await this.parse(Options);
    process.stdout.write(optionsText(helpWidth(process.stdout)));
  }
}
