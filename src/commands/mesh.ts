// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { meshGroupings } from '../model/mesh.js';
import { probeProtocols } from '../model/prober.js';
import { durationFlag } from './flags/duration.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { colorFlag } from './flags/run.js';
import { podScopeFlags } from './flags/upkeep.js';
import { positionalWords } from './positional-words.js';

const selection = 'SELECTION';
const matrix = 'MATRIX';
const output = 'OUTPUT';

export default class Mesh extends Command {
  static override summary = 'Show who reaches whom, and how fast, as injected probers measure it';
  static override description = `Reads the probers that inject added to pods, and shows what each found of the others: sources down, destinations across.

Probers are read through the API server's pod proxy and, where that is not allowed, by executing in their container;
nothing is installed and nothing changed. What is not known is never shown as good: - was not probed (with many members
each probes only its neighbours on a ring), ? is a prober that could not be read.

mesh reports and does not judge: the exit code is 0 also where probes fail. It is 2 where there is no prober and 3 where
none could be read. NAME is a pod, a workload (deploy/web) or a Service whose probers are read.`;
  static override usage = ['mesh [NAME...] [-n NAME | -A]', 'mesh -l SELECTOR'];
  static override strict = false;
  static override examples = [
    {
      description: 'Between the pods of shop, and to those of other namespaces in the same mesh',
      command: '<%= config.bin %> mesh -n shop',
    },
    {
      description: 'Live, by workload, what the slowest twentieth takes',
      command: '<%= config.bin %> mesh -A --by workload --value p95 --watch',
    },
    {
      description: 'Every pair and protocol of the last minute',
      command: '<%= config.bin %> mesh -A --since 1m -o csv',
    },
  ];
  static override flags = {
    ...podScopeFlags(selection, 'Probers of every namespace'),
    mesh: Flags.string({
      helpGroup: selection,
      helpValue: 'NAME',
      summary: 'Only this mesh; NAMESPACE/NAME is that of a NetworkProber. Without it a matrix for each',
    }),
    by: Flags.string({
      helpGroup: matrix,
      options: [...meshGroupings],
      default: 'pod',
      summary: 'What rows and columns stand for; their probes are pooled',
    }),
    protocol: Flags.string({
      helpGroup: matrix,
      options: [...probeProtocols],
      summary: 'Only these probes; without it the table shows http, and other formats all',
    }),
    since: durationFlag({
      flag: 'since',
      helpGroup: matrix,
      helpValue: 'DURATION',
      default: 30_000,
      defaultHelp: () => Promise.resolve('30s'),
      minMs: 1000,
      summary: 'How far back; probers remember the last 128 probes of each pair',
    }),
    value: Flags.string({
      helpGroup: matrix,
      options: ['p50', 'p95', 'p99', 'max', 'loss'],
      default: 'p50',
      summary: 'What cells show, in ms but for loss; p95 needs 20 probes, p99 needs 100',
    }),
    watch: Flags.boolean({
      char: 'w',
      helpGroup: output,
      summary: 'Keep looking: redraws on a terminal, elsewhere prints a line for each change',
    }),
    output: Flags.string({
      char: 'o',
      helpGroup: output,
      helpValue: 'FORMAT',
      options: ['table', 'wide', 'json', 'yaml', 'csv', 'html', 'name'],
      default: 'table',
      summary: 'Format on stdout; wide: a line for each pair',
    }),
    'no-headers': Flags.boolean({ helpGroup: output, summary: 'No header line; pairs in the place of a matrix' }),
    color: colorFlag(output),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Mesh);
    const { meshCommand } = await import('./mesh-command.js');
    await meshCommand(positionalWords(raw), flags);
  }
}
