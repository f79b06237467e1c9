// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { version } from '../version.js';
import { clusterOptions, kubernetesFlags } from './flags/kubernetes.js';

interface Versions {
  clientVersion: string;
  serverVersion?: string;
}

export default class Version extends Command {
  static override summary = 'Print the versions of this plugin and of the API server';
  static override usage = ['version [--client]'];
  static override examples = ['<%= config.bin %> version --client', '<%= config.bin %> version -o json'];
  static override flags = {
    client: Flags.boolean({ summary: 'Only our own version; no cluster is asked' }),
    output: Flags.string({ char: 'o', options: ['json', 'yaml'], summary: 'One of json and yaml' }),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Version);
    const versions: Versions = { clientVersion: `v${version}` };
    if (!flags.client) {
      const { connectCluster } = await import('../kube/connect.js');
      const cluster = await connectCluster(clusterOptions(flags));
      try {
        versions.serverVersion = (await cluster.get<{ gitVersion: string }>('/version')).gitVersion;
      } finally {
        cluster.close();
      }
    }
    this.log(await this.text(versions, flags.output));
  }

  private async text(versions: Versions, output: string | undefined): Promise<string> {
    if (output === 'json') return JSON.stringify(versions, null, 2);
    if (output === 'yaml') return (await import('js-yaml')).dump(versions).trimEnd();
    const lines = [`Client Version: ${versions.clientVersion}`];
    if (versions.serverVersion !== undefined) lines.push(`Server Version: ${versions.serverVersion}`);
    return lines.join('\n');
  }
}
