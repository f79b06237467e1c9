// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { suiteFileFlags } from './flags/suite.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'OUTPUT';

export default class Validate extends Command {
  static override summary = 'Check files of tests without asking the cluster';
  static override description = `Says what each file is taken for and how many tests it has, or everything that is wrong in any of them, with file, line and column (exit code 2).

Taken are NetworkTest (netmachinery.io/v1), NetworkConnectivityTest and NetworkDelayTest (networkmachinery.io/v1alpha1), test files of netassert and plans of nethax; see docs/suites.md. -o wide, json and yaml show the tests as they are understood.`;
  static override usage = ['validate -f FILE'];
  static override strict = false;
  static override examples = [
    { description: 'All files of a folder', command: '<%= config.bin %> validate -f tests/' },
    {
      description: 'What a file means with another port',
      command: '<%= config.bin %> validate -f tests/shop.yaml --set port=8080 -o wide',
    },
  ];
  static override flags = {
    ...suiteFileFlags,
    output: Flags.string({
      char: 'o',
      helpGroup,
      helpValue: 'FORMAT',
      options: ['table', 'wide', 'json', 'yaml', 'name'],
      default: 'table',
      summary: 'What is printed on stdout; name: SUITE/TEST of each test',
    }),
    'no-headers': Flags.boolean({ helpGroup, summary: 'No header line' }),
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Validate);
    const { validateCommand } = await import('./validate-command.js');
    await validateCommand(positionalWords(raw), flags);
  }
}
