// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { defaultIntervalMs } from '../model/check.js';
import { checkSelectionFlags, checkSettingsFlags } from './flags/check.js';
import { durationFlag } from './flags/duration.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { positionalWords } from './positional-words.js';

const probes = 'PROBES';
const legacy = 'LEGACY API';
const rollout = 'ROLL-OUT';

export default class CheckInstall extends Command {
  static override summary = 'Have the whole network checked all the time: agents on every node, a server, metrics';
  static override description = `Installs a server and, on every node, an agent in the pod network and one in the node's own. Each round the agents probe
each other, the API server, DNS and the server, and report; check status tells what is broken and where.

Everything is in the namespaces netmachinery-check (PodSecurity restricted) and netmachinery-check-host (privileged, for
the network of nodes; not with --no-host-network). What a round costs is said before. Run again, it makes what is there
what the flags say, and those that are not given are as if it were the first time, but for the image: a change of interval,
neighbours, payload, names, URLs or nodes counts from the next round on, and restarts nothing unless the nodes change.

--legacy-api serves what netchecker did as well: plain HTTP, without authentication, and marked so in status.`;
  static override usage = 'check install [--interval DURATION]';
  static override strict = false;
  static override examples = [
    {
      description: 'A round every half minute',
      command: '<%= config.bin %> check install --interval 30s --agent-image registry.example/netmachinery-agent:1',
    },
    {
      description: 'What would be created, for review',
      command: '<%= config.bin %> check install --dry-run=client -o yaml',
    },
    {
      description: 'Larger probes, of a check that is installed',
      command: '<%= config.bin %> check install --payload 4500',
    },
  ];
  static override flags = {
    ...checkSelectionFlags,
    'image-pull-secret': Flags.string({
      helpGroup: 'AGENTS',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      summary:
        'A Secret that the image is pulled with; it has to be in netmachinery-check and in netmachinery-check-host, is not copied',
    }),
    interval: durationFlag({
      flag: 'interval',
      helpGroup: probes,
      helpValue: 'DURATION',
      default: defaultIntervalMs,
      defaultHelp: () => Promise.resolve(`${defaultIntervalMs / 1000}s`),
      minMs: 1000,
      maxMs: 3_600_000,
      summary: 'Time between two rounds of an agent',
    }),
    ...checkSettingsFlags,
    'legacy-api': Flags.boolean({
      helpGroup: legacy,
      summary: "Also serve netchecker's API v1, unauthenticated, as Service netchecker-service:8081",
    }),
    'node-port': Flags.boolean({ helpGroup: legacy, summary: 'And on port 31081 of every node' }),
    timeout: durationFlag({
      flag: 'timeout',
      helpGroup: rollout,
      helpValue: 'DURATION',
      default: 180_000,
      defaultHelp: () => Promise.resolve('3m'),
      minMs: 1,
      summary: 'How long the server, and then the agents, are waited for',
    }),
    'no-wait': Flags.boolean({ helpGroup: rollout, summary: 'Do not wait for them' }),
    'dry-run': Flags.string({
      helpGroup: rollout,
      options: ['none', 'client', 'server'],
      default: 'none',
      summary: 'Only say what would be applied; server: and ask whether it is allowed',
    }),
    output: Flags.string({
      char: 'o',
      helpGroup: 'OUTPUT',
      options: ['name', 'json', 'yaml'],
      summary: 'Print the objects so, as kubectl apply does',
    }),
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(CheckInstall);
    const { checkInstallCommand } = await import('./check-install-command.js');
    await checkInstallCommand(positionalWords(raw), flags);
  }
}
