// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { outputFlags, selectionFlags, toolFlags } from './flags/run.js';
import { effectFlags, scopeFlags, shapingFlags } from './flags/shape.js';
import { positionalWords } from './positional-words.js';

const { mode, 'max-pods': maxPods, 'from-node': fromNode } = selectionFlags;
const { image, 'image-pull-policy': pullPolicy, 'tool-timeout': toolTimeout, idle, reason } = toolFlags;

export default class Shape extends Command {
  static override summary = "Delay, lose, limit or cut pods' packets for a while";
  static override description = `Shapes the traffic of pods with the kernel's own means, reads back and measures that it took effect, and ends by itself.

SRC is a pod, a workload (deploy/web), a Service (svc/api: its ready pods) or a node (node/worker-2: a pod on it).
What ends the shape runs in the pod: it ends after --duration whatever becomes of this command. Ctrl-C ends it at once.
After -- a command of this plugin runs while the shape lasts, and the shape ends with it.`;
  static override usage = [
    'shape SRC... EFFECT... [--peer DST]',
    'shape -l SELECTOR EFFECT...',
    'shape -f FILE',
    'shape SRC EFFECT... -- ping SRC DST',
  ];
  static override strict = false;
  static override examples = [
    {
      description: 'All pods of a deployment answer late for five minutes',
      command: '<%= config.bin %> shape deploy/web --mode all --delay 100ms --jitter 10ms --loss 1% --duration 5m',
    },
    {
      description: 'One peer and port only',
      command: '<%= config.bin %> shape pod/db-0 --rate 10mbit --peer svc/web --source-port 5432',
    },
    {
      description: 'Cut off from a Service, both ways, while a command of this plugin looks',
      command:
        '<%= config.bin %> shape -l app=web --partition --peer db/svc/db --direction both -- connect deploy/web db/svc/db:5432 --expect deny',
    },
  ];
  static override flags = {
    ...effectFlags,
    ...scopeFlags,
    ...shapingFlags,
    selector: Flags.string({ char: 'l', helpGroup: 'SELECTION', helpValue: 'SELECTOR', summary: 'Pods by label' }),
    mode,
    'max-pods': maxPods,
    'from-node': fromNode,
    image,
    'image-pull-policy': pullPolicy,
    'tool-timeout': toolTimeout,
    idle,
    reason,
    output: Flags.string({
      char: 'o',
      helpGroup: 'OUTPUT',
      helpValue: 'FORMAT',
      options: ['table', 'wide', 'json', 'yaml', 'name'],
      default: 'table',
      summary: 'Format of the report on stdout',
    }),
    'no-headers': outputFlags['no-headers'],
    color: outputFlags.color,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const end = this.argv.indexOf('--');
    // Parsing leaves only its own words in argv.
    const companion = end < 0 ? undefined : this.argv.slice(end + 1);
    const { flags, raw } = await this.parse(Shape, end < 0 ? this.argv : this.argv.slice(0, end));
    const { shapeCommand } = await import('./shape-command.js');
    await shapeCommand(positionalWords(raw), flags, companion);
  }
}
