// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { expectationFlags, outputFlags, selectionFlags, toolFlags } from './flags/run.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'TRACE';

export default class Trace extends Command {
  static override summary = 'Show the hops from pods, with round trips and loss';
  static override description = `Says which routers are on the way to each destination, how fast they answer, and whether the destination does.
Sends UDP datagrams to ports that nobody listens on, which needs no right at all; a destination that drops them is not arrived at.

SRC is a pod, a workload (deploy/web), a Service (svc/api: its ready pods) or a node (node/worker-2: a pod on it).
DST is the same, an IP address, or a host name that is resolved inside the source pod.`;
  static override usage = ['trace SRC DST...', 'trace -l SELECTOR DST...'];
  static override strict = false;
  static override examples = [
    {
      description: 'From a pod to one on another node',
      command: '<%= config.bin %> trace pod/web-0 db/pod/db-0',
    },
    {
      description: 'The way of TCP connects to port 443',
      command: '<%= config.bin %> trace deploy/web example.org --protocol tcp --port 443 --raw',
    },
  ];
  static override flags = {
    protocol: Flags.string({
      helpGroup,
      options: ['icmp', 'udp', 'tcp'],
      summary: 'What mtr sends instead of tracepath; udp and tcp need --raw',
    }),
    port: Flags.integer({
      helpGroup,
      helpValue: 'PORT',
      min: 1,
      max: 65_535,
      summary: 'Destination port of --protocol udp and tcp [default: 80 for tcp]',
    }),
    count: Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 1,
      max: 100,
      default: 3,
      summary: 'How often each hop is asked',
    }),
    'max-hops': Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 1,
      max: 64,
      default: 30,
      summary: 'Hops after which it is given up; five silent ones in a row end it too',
    }),
    raw: Flags.boolean({ helpGroup, summary: 'Use a tool container with user 0 and NET_RAW' }),
    ...selectionFlags,
    ...expectationFlags,
    ...toolFlags,
    ...outputFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Trace);
    const { traceCommand } = await import('./trace-command.js');
    await traceCommand(positionalWords(raw), flags);
  }
}
