// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { durationFlag } from './flags/duration.js';
import { outputFlags } from './flags/run.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'DIFF';

export default class Report extends Command {
  static override summary = 'Show a saved report again, or what became worse between two';
  static override description = `FILE is what -o json or --json-file wrote; - is stdin. No cluster is asked.

The exit code is that of the run: a report with a failed test is 1 again.

With --diff it is 1 where anything is worse: a test that passed and does not any more, more loss, a smaller path MTU, or a time that is more than --slower times what it was and at least --slower-by more (p95 where both reports have it, else the median). Tests are paired by what was asked for, so that pods that were replaced and addresses that changed are no difference.`;
  static override usage = ['report FILE', 'report --diff OLD NEW'];
  static override strict = false;
  static override examples = [
    {
      description: 'Save a report, and make others of it',
      command: '<%= config.bin %> report run.json --html-file run.html --junit-file run.xml',
    },
    {
      description: 'What is worse than yesterday, for a script',
      command: `<%= config.bin %> report --diff yesterday.json today.json -o json | jq '.items[] | select(.change == "worse")'`,
    },
  ];
  static override flags = {
    diff: Flags.boolean({ helpGroup, summary: 'Compare the reports OLD and NEW; -o table, wide, json or yaml' }),
    slower: Flags.string({
      helpGroup,
      helpValue: 'FACTOR',
      default: '1.5',
      summary: 'With --diff, a time is worse when it is more than this times what it was',
    }),
    'slower-by': durationFlag({
      flag: 'slower-by',
      helpGroup,
      helpValue: 'DURATION',
      default: 1,
      defaultHelp: () => Promise.resolve('1ms'),
      minMs: 0,
      summary: '... and at least this much more',
    }),
    ...outputFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Report);
    const { reportCommand } = await import('./report-command.js');
    await reportCommand(positionalWords(raw), flags);
  }
}
