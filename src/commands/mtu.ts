// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { expectationFlags, outputFlags, selectionFlags, toolFlags } from './flags/run.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'MTU';

export default class Mtu extends Command {
  static override summary = 'Find the path MTU from pods, and black holes';
  static override description = `Says how large IP packets may be on the way to each destination, and why not larger: the interface, a router that says so, or silence, which is a black hole and fails.
Sends ICMP echoes that may not be fragmented; sizes are those of whole IP packets in bytes.

SRC is a pod, a workload (deploy/web), a Service (svc/api: its ready pods) or a node (node/worker-2: a pod on it).
DST is the same, an IP address, or a host name that is resolved inside the source pod.`;
  static override usage = ['mtu SRC DST...', 'mtu -l SELECTOR DST...'];
  static override strict = false;
  static override examples = [
    {
      description: 'From a pod to another one, there and back, and to a node',
      command: '<%= config.bin %> mtu pod/web-0 db/pod/db-0 node/worker-2 --both-directions',
    },
    {
      description: 'Whether 1450 bytes pass between all pods with a label and a Service',
      command: '<%= config.bin %> mtu -l app=web --mode all svc/api --expect-mtu 1450',
    },
  ];
  static override flags = {
    'expect-mtu': Flags.integer({
      helpGroup,
      helpValue: 'BYTES',
      min: 68,
      max: 65_535,
      summary: 'Fail where the path MTU is smaller',
    }),
    'max-size': Flags.integer({
      helpGroup,
      helpValue: 'BYTES',
      min: 128,
      max: 65_535,
      summary: "The largest packet that is tried [default: the interface's MTU]",
    }),
    'both-directions': Flags.boolean({
      helpGroup,
      summary: 'Enter destination pods and measure the way back as well',
    }),
    raw: Flags.boolean({
      helpGroup,
      summary: 'Use a tool container with user 0 and NET_RAW, where unprivileged ICMP is refused',
    }),
    ...selectionFlags,
    ...expectationFlags,
    ...toolFlags,
    ...outputFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Mtu);
    const { mtuCommand } = await import('./mtu-command.js');
    await mtuCommand(positionalWords(raw), flags);
  }
}
