// SPDX-License-Identifier: Apache-2.0
import { Command } from '@oclif/core';
import { ephemeralFlags, meshFlags, rolloutFlags, workloadFlags } from './flags/inject.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { positionalWords } from './positional-words.js';

export default class Inject extends Command {
  static override summary = 'Add latency probers to workloads';
  static override description = `Adds a prober as a sidecar to Deployments, StatefulSets, DaemonSets and CronJobs, rolls them out and waits; the probers then measure each other (mesh).

The list of who is there is kept by a controller in namespace netmachinery-system, which is installed if it is absent; --static installs nothing.
With -f workloads are changed as text, every byte of the rest kept, and no cluster is asked. uninject takes all of it out again.`;
  static override usage = [
    'inject TYPE/NAME... [-n NAME]',
    'inject TYPE -l SELECTOR',
    'inject -f FILE',
    'inject POD... --ephemeral',
    'inject --agents-only -n NAME',
  ];
  static override strict = false;
  static override examples = [
    {
      description: 'Two deployments, and what they have to say to each other',
      command: '<%= config.bin %> inject deploy/web deploy/api -n shop',
    },
    {
      description: 'Workloads on their way to the cluster',
      command: 'kubectl get deploy web -o yaml | <%= config.bin %> inject -f - | kubectl apply -f -',
    },
    {
      description: 'Pods as they run, for ten minutes, without a roll-out',
      command: '<%= config.bin %> inject deploy/web deploy/api --ephemeral --duration 10m',
    },
  ];
  static override flags = { ...workloadFlags, ...meshFlags, ...ephemeralFlags, ...rolloutFlags, ...kubernetesFlags };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Inject);
    const words = positionalWords(raw);
    if (flags.filename !== undefined) {
      const { injectFilesCommand } = await import('./inject-files-command.js');
      await injectFilesCommand(words, flags);
    } else if (flags.ephemeral) {
      const { injectEphemeralCommand } = await import('./inject-ephemeral-command.js');
      await injectEphemeralCommand(words, flags);
    } else {
      const { injectCommand } = await import('./inject-command.js');
      await injectCommand(words, flags);
    }
  }
}
