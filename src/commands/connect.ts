// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { expectationFlags, outputFlags, selectionFlags, toolFlags } from './flags/run.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'CONNECT';

export default class Connect extends Command {
  static override summary = 'Connect from pods over TCP or UDP';
  static override description = `Says which ports are open, how fast, and if not, why.

SRC is a pod, a workload (deploy/web), a Service (svc/api: its ready pods) or a node (node/worker-2: a pod on it).
DST is the same, an IP address ([2001:db8::1]:80) or a host name, with a port; a Service without one: all its ports.`;
  static override usage = ['connect SRC DST:PORT...', 'connect -l SELECTOR DST:PORT...'];
  static override strict = false;
  static override examples = [
    {
      description: 'From a pod to a Service (its virtual address and each endpoint) and to a pod of another namespace',
      command: '<%= config.bin %> connect pod/web-0 svc/api:80 db/pod/db-0:5432',
    },
    {
      description: 'Ask every DNS server over UDP, from every pod with a label',
      command: '<%= config.bin %> connect -l app=web --mode all kube-system/svc/kube-dns:53 --protocol udp',
    },
    {
      description: 'Prove that a port is closed for this pod, and open for another',
      command: '<%= config.bin %> connect deploy/web db/pod/db-0:5432 --expect deny --control deploy/api',
    },
  ];
  static override flags = {
    protocol: Flags.string({
      helpGroup,
      options: ['tcp', 'udp'],
      summary: 'Protocol of ports without tcp:// or udp:// [default: tcp]',
    }),
    attempts: Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 1,
      max: 100,
      default: 3,
      summary: 'Attempts at each destination',
    }),
    tls: Flags.boolean({ helpGroup, summary: 'Shake hands as well, and look at the certificate' }),
    payload: Flags.string({
      helpGroup,
      helpValue: 'TEXT',
      summary: 'UDP payload; port 53 gets a DNS query, others a token',
    }),
    'udp-proof': Flags.string({
      helpGroup,
      options: ['counters', 'capture'],
      summary: 'Enter destination pods and look whether datagrams arrive',
    }),
    ...selectionFlags,
    ...expectationFlags,
    ...toolFlags,
    ...outputFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Connect);
    const { connectCommand } = await import('./connect-command.js');
    await connectCommand(positionalWords(raw), flags);
  }
}
