// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { imageFlag } from './flags/run.js';

export default class Version extends Command {
  static override summary = 'Print the versions of this plugin, its image and the API server';
  static override usage = ['version [--client]'];
  static override examples = [
    { description: 'Without asking a cluster', command: '<%= config.bin %> version --client' },
    { description: 'For a script', command: '<%= config.bin %> version -o json' },
  ];
  static override flags = {
    client: Flags.boolean({ summary: 'Only our own version and image; no cluster is asked' }),
    output: Flags.string({
      char: 'o',
      options: ['json', 'yaml'],
      summary: 'Format on stdout; without it lines of text',
    }),
    image: imageFlag,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Version);
    const { versionCommand } = await import('./version-command.js');
    await versionCommand(flags);
  }
}
