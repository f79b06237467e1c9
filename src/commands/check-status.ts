// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { checkFormats } from '../report/check/render-check.js';
import { durationFlag } from './flags/duration.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { colorFlag } from './flags/run.js';
import { positionalWords } from './positional-words.js';

const output = 'OUTPUT';

export default class CheckStatus extends Command {
  static override summary =
    'Show how the network of all nodes is, what is broken and where, as an installed check knows it';
  static override description = `Asks the server of an installed check: the state of each node's agents with its cause, who reaches whom and how fast, and what
is broken, by its shape and place. Agents that the server hears nothing of though they run are asked directly.

An agent is Outdated after two intervals without a report, and Absent after ten or where there was none ever.`;
  static override usage = 'check status [-o FORMAT] [--watch]';
  static override strict = false;
  static override examples = [
    { description: 'How is it now?', command: '<%= config.bin %> check status' },
    { description: 'For a pipeline', command: '<%= config.bin %> check status -o junit' },
  ];
  static override flags = {
    timeout: durationFlag({
      flag: 'timeout',
      helpGroup: 'RUN',
      helpValue: 'DURATION',
      default: 60_000,
      defaultHelp: () => Promise.resolve('1m'),
      minMs: 1,
      summary: 'How long the server and silent agents have to answer',
    }),
    watch: Flags.boolean({
      char: 'w',
      helpGroup: output,
      summary: 'Keep looking: redraws on a terminal, elsewhere prints a line for each change',
    }),
    output: Flags.string({
      char: 'o',
      helpGroup: output,
      helpValue: 'FORMAT',
      options: [...checkFormats],
      default: 'table',
      summary: 'Format on stdout; wide: with figures of each agent and pair',
    }),
    'no-headers': Flags.boolean({ helpGroup: output, summary: 'No header lines' }),
    color: colorFlag(output),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(CheckStatus);
    const { checkStatusCommand } = await import('./check-status-command.js');
    await checkStatusCommand(positionalWords(raw), flags);
  }
}
