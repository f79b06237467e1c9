// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { installationFlags } from './flags/agents.js';
import { durationFlag } from './flags/duration.js';
import { waitFlags } from './flags/inject.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { positionalWords } from './positional-words.js';
import { longestPeriodMs, mostNeighbours, shortestPeriodMs } from '../model/prober.js';

const helpGroup = 'PROBER';

export default class InjectEnable extends Command {
  static override summary = 'Have every new pod with these labels get the latency prober';
  static override description = `Creates a NetworkProber: the webhook then adds the prober to every new pod that it selects, and those pods probe each other.

The controller and the webhook are installed in namespace netmachinery-system where they are not there, which is said. A pod
that matches is tried with a dry run, and the command ends when that one would be injected. Pods that run already are named:
they have no prober until they are made anew, which --restart does. A NetworkProber selects pods of its own namespace, and of
those whose Namespace carries the label or annotation netmachinery.io/allow-prober-from with its name.`;
  static override usage = ['inject enable NAME -l SELECTOR [-n NAMESPACE]', 'inject enable -f FILE'];
  static override strict = false;
  static override examples = [
    {
      description: 'A mesh of all pods of an application, each probed five times a second',
      command: '<%= config.bin %> inject enable mesh-rtt -l app=web -n shop --period 200ms',
    },
    {
      description: 'What k8s-network-prober was given; its image has to be allowed, or left out',
      command: '<%= config.bin %> inject enable -f networkprober.yaml --allow-image registry.example/net-prober:1',
    },
  ];
  static override flags = {
    selector: Flags.string({ char: 'l', helpGroup, helpValue: 'SELECTOR', summary: 'The pods, by label' }),
    filename: Flags.string({
      char: 'f',
      helpGroup,
      helpValue: 'FILE',
      summary: 'A NetworkProber in YAML or JSON, or - for standard input',
    }),
    period: durationFlag({
      flag: 'period',
      helpGroup,
      helpValue: 'DURATION',
      minMs: shortestPeriodMs,
      maxMs: longestPeriodMs,
      summary: 'Time between two probes of the same pod [default: 1s]',
    }),
    'ping-port': Flags.integer({
      helpGroup,
      helpValue: 'PORT',
      summary: 'Port on which probers answer pings [default: 19191]',
    }),
    'metrics-port': Flags.integer({ helpGroup, helpValue: 'PORT', summary: 'Port of their metrics [default: 19192]' }),
    neighbours: Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 0,
      max: mostNeighbours,
      summary: 'How many others each probes from 50 pods on; 0: all [default: 10]',
    }),
    restart: Flags.boolean({
      helpGroup,
      summary: 'Restart the workloads whose pods match and have no prober, and wait',
    }),
    ...waitFlags,
    ...installationFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(InjectEnable);
    const { injectEnableCommand } = await import('./inject-enable-command.js');
    await injectEnableCommand(positionalWords(raw), flags);
  }
}
