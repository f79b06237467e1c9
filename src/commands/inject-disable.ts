// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { waitFlags } from './flags/inject.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { positionalWords } from './positional-words.js';

export default class InjectDisable extends Command {
  static override summary = 'Stop adding the latency prober to new pods, and stop its probing';
  static override description = `Deletes a NetworkProber and waits until its peer lists are empty, so that its probers probe nobody.

The probers stay in the pods that have them until those are made anew, which --restart does. The controller and the webhook
stay: inject uninstall removes them.`;
  static override usage = 'inject disable NAME [-n NAMESPACE] [--restart]';
  static override strict = false;
  static override examples = [
    {
      description: 'Without a trace in the pods',
      command: '<%= config.bin %> inject disable mesh-rtt -n shop --restart',
    },
  ];
  static override flags = {
    restart: Flags.boolean({
      helpGroup: 'PROBER',
      summary: 'Restart the workloads whose pods have the prober, and wait',
    }),
    ...waitFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(InjectDisable);
    const { injectDisableCommand } = await import('./inject-disable-command.js');
    await injectDisableCommand(positionalWords(raw), flags);
  }
}
