// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { durationFlag } from './flags/duration.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { expectationFlags, outputFlags, selectionFlags, toolFlags } from './flags/run.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'PING';

export default class Ping extends Command {
  static override summary = 'Send ICMP echoes from pods';
  static override description = `Says which destinations answer, how fast, and if not, why.

SRC is a pod, a workload (deploy/web), a Service (svc/api: its ready pods) or a node (node/worker-2: a pod on it).
DST is the same, an IP address, or a host name that is resolved inside the source pod.`;
  static override usage = ['ping SRC DST...', 'ping -l SELECTOR DST...'];
  static override strict = false;
  static override examples = [
    {
      description: 'From the first ready pod of a deployment to a Service, a node and an address',
      command: '<%= config.bin %> ping deploy/web svc/api node/worker-2 198.18.102.1',
    },
    {
      description: 'From every pod with a label, a thousand echoes',
      command: '<%= config.bin %> ping -l app=web --mode all --count 1000 --interval 10ms db/pod/db-0',
    },
  ];
  static override flags = {
    count: Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 1,
      max: 100_000,
      default: 5,
      summary: 'Echoes to each destination',
    }),
    interval: durationFlag({
      flag: 'interval',
      helpGroup,
      helpValue: 'DURATION',
      default: 200,
      defaultHelp: () => Promise.resolve('200ms'),
      minMs: 2,
      summary: 'Time between two echoes',
    }),
    size: Flags.integer({ helpGroup, helpValue: 'BYTES', min: 0, max: 65_000, summary: 'Bytes of payload' }),
    ttl: Flags.integer({ helpGroup, helpValue: 'HOPS', min: 1, max: 255, summary: 'Hop limit' }),
    df: Flags.boolean({ helpGroup, summary: "Do not fragment: what is too long is refused, with the next hop's MTU" }),
    deadline: durationFlag({
      flag: 'deadline',
      helpGroup,
      helpValue: 'DURATION',
      minMs: 1,
      summary: 'End after this time, however many echoes are left',
    }),
    raw: Flags.boolean({
      helpGroup,
      summary: 'Use a tool container with user 0 and NET_RAW, where unprivileged ICMP is refused',
    }),
    'max-loss': Flags.string({ helpGroup, helpValue: 'PERCENT', default: '0', summary: 'Loss that still passes' }),
    watch: Flags.boolean({
      char: 'w',
      helpGroup,
      exclusive: ['count', 'deadline', 'timeout'],
      summary: 'Keep pinging and redraw; Ctrl-C prints the summary',
    }),
    ...selectionFlags,
    ...expectationFlags,
    ...toolFlags,
    ...outputFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Ping);
    const { pingCommand } = await import('./ping-command.js');
    await pingCommand(positionalWords(raw), flags);
  }
}
