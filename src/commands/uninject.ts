// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { ephemeralFlags, rolloutFlags, workloadFlags } from './flags/inject.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { positionalWords } from './positional-words.js';

export default class Uninject extends Command {
  static override summary = 'Take latency probers out of workloads';
  static override description = `Takes the prober of inject out again, rolls the workloads out and waits. Their pod templates are then as they were before.

The peer list of the mesh in the namespace goes with the last workload that uses it. With -f workloads are changed as text.`;
  static override usage = [
    'uninject TYPE/NAME... [-n NAME]',
    'uninject TYPE -l SELECTOR',
    'uninject -f FILE',
    'uninject POD... --ephemeral',
  ];
  static override strict = false;
  static override examples = [
    { description: 'One deployment', command: '<%= config.bin %> uninject deploy/web -n shop' },
    {
      description: 'Probers of running pods, before their time is over',
      command: '<%= config.bin %> uninject deploy/web --ephemeral',
    },
  ];
  static override flags = {
    ...workloadFlags,
    ephemeral: Flags.boolean({
      helpGroup: 'RUNNING PODS',
      exclusive: ['filename', 'recreate'],
      summary: 'Stop the probers of inject --ephemeral',
    }),
    'max-pods': ephemeralFlags['max-pods'],
    ...rolloutFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Uninject);
    const words = positionalWords(raw);
    if (flags.filename !== undefined) {
      const { uninjectFilesCommand } = await import('./inject-files-command.js');
      await uninjectFilesCommand(words, flags);
    } else if (flags.ephemeral) {
      const { uninjectEphemeralCommand } = await import('./inject-ephemeral-command.js');
      await uninjectEphemeralCommand(words, flags);
    } else {
      const { uninjectCommand } = await import('./uninject-command.js');
      await uninjectCommand(words, flags);
    }
  }
}
