// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { colorFlag, imageFlag } from './flags/run.js';

const helpGroup = 'PREFLIGHT';
/** Its permissions are looked at then. */
const asThere = '(as in ping and connect)';

export default class Preflight extends Command {
  static override summary = 'Say whether it can work here, and if not why';
  static override description = `Looks at the server's version, your permissions, the namespace's PodSecurity level, the image and the runtimes of the nodes.

Nothing is changed: it reads, asks the server what you may do, and lets it rehearse the change (dry run).`;
  static override usage = 'preflight [-n NAME] [--for COMMAND]';
  static override examples = [
    { description: 'Before the first test in a namespace', command: '<%= config.bin %> preflight -n shop' },
    {
      description: 'What does not work, for a script',
      command: `<%= config.bin %> preflight -o json | jq '.checks[] | select(.status == "failed")'`,
    },
  ];
  static override flags = {
    for: Flags.string({
      helpGroup,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'COMMAND',
      options: ['ping', 'connect', 'dns', 'http', 'mtu', 'trace', 'run', 'shape', 'clean', 'preflight'],
      summary: 'The command that should work; may be repeated [default: ping and connect]',
    }),
    container: Flags.string({
      char: 'c',
      helpGroup,
      helpValue: 'NAME',
      exclusive: ['no-exec', 'probe-pod'],
      summary: `Nothing is added to pods ${asThere}`,
    }),
    'no-exec': Flags.boolean({
      helpGroup,
      exclusive: ['probe-pod'],
      summary: `Results are read from logs ${asThere}`,
    }),
    'probe-pod': Flags.boolean({ helpGroup, summary: `A pod of ours does the work ${asThere}` }),
    image: imageFlag,
    output: Flags.string({
      char: 'o',
      helpGroup,
      options: ['table', 'json', 'yaml'],
      default: 'table',
      summary: 'Format of the checks on stdout',
    }),
    'no-headers': Flags.boolean({ helpGroup, summary: 'No header line' }),
    color: colorFlag(helpGroup),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Preflight);
    const { preflightCommand } = await import('./preflight-command.js');
    await preflightCommand(flags);
  }
}
