// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';

const helpGroup = 'OUTPUT';

export default class ConfigView extends Command {
  static override summary = 'Show what is settled by variables and the configuration file, and where';
  static override description = `Lists every setting with its value and where that comes from. A flag goes before the variable, the variable before the file.

The file is $XDG_CONFIG_HOME/netmachinery/config.yaml, without XDG_CONFIG_HOME ~/.config/netmachinery/config.yaml, on Windows
%APPDATA%\\netmachinery\\config.yaml; NETMACHINERY_CONFIG names another one (/dev/null: none). What is wrong in it is told with its line (exit
code 2). No cluster is asked. All settings are described in docs/configuration.md.`;
  static override usage = ['config view'];
  static override examples = [
    { description: 'What counts here, and why', command: '<%= config.bin %> config view' },
    {
      description: 'The image that will be used, for a script',
      command: `<%= config.bin %> config view -o json | jq -r '.settings[] | select(.name == "image").value'`,
    },
  ];
  static override flags = {
    output: Flags.string({
      char: 'o',
      helpGroup,
      options: ['table', 'json', 'yaml'],
      default: 'table',
      summary: 'Format of the settings',
    }),
    'no-headers': Flags.boolean({ helpGroup, summary: 'No header line, and no line about the file' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigView);
    const { configViewCommand } = await import('./config-view-command.js');
    await configViewCommand(flags);
  }
}
