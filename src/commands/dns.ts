// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { kubernetesFlags } from './flags/kubernetes.js';
import { expectationFlags, outputFlags, selectionFlags, toolFlags } from './flags/run.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'DNS';
const { selector, mode, 'max-pods': maxPods, 'from-node': fromNode, 'ip-families': families } = selectionFlags;
const sourceFlags = { selector, mode, 'max-pods': maxPods, 'from-node': fromNode, 'ip-families': families };

export default class Dns extends Command {
  static override summary = 'Resolve names from pods, at each DNS server';
  static override description = `Says what each server that a pod is configured with answers, how fast, and after how many queries.

SRC is a pod, a workload (deploy/web), a Service (svc/api: its ready pods) or a node (node/worker-2: a pod on it).
NAME is a domain name, searched for as the pod's resolv.conf says (search, ndots; a dot at the end makes it absolute),
or an IP address, whose name is asked for (PTR).`;
  static override usage = ['dns SRC NAME...', 'dns -l SELECTOR NAME...'];
  static override strict = false;
  static override examples = [
    {
      description: "At the pod's own servers, and at each pod behind the cluster's DNS Service",
      command: '<%= config.bin %> dns deploy/web api.shop kubernetes.default --each-endpoint',
    },
    {
      description: 'Another server, over TCP, for addresses of both families',
      command: '<%= config.bin %> dns deploy/web example.com. --server 10.0.0.53 --tcp --type A,AAAA',
    },
    {
      description: 'A name that must not exist',
      command: '<%= config.bin %> dns pod/web-0 old.shop --expect-rcode NXDOMAIN',
    },
    {
      description: 'A name that must stand for exactly these addresses',
      command: '<%= config.bin %> dns pod/web-0 db.example.com. --expect-answer 192.0.2.10,192.0.2.11',
    },
  ];
  static override flags = {
    type: Flags.string({
      helpGroup,
      helpValue: 'TYPE,',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      summary: 'A, AAAA, CNAME, PTR or SRV [default: A; with --ip-families ipv6 or both also AAAA]',
    }),
    'each-endpoint': Flags.boolean({
      helpGroup,
      summary: 'Ask each endpoint of servers that are Services as well, by itself',
    }),
    tcp: Flags.boolean({ helpGroup, summary: 'Ask over TCP instead of UDP' }),
    attempts: Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 1,
      max: 100,
      default: 3,
      summary: 'Queries that count; the search is the first, the others repeat its last query',
    }),
    'expect-rcode': Flags.string({
      helpGroup,
      helpValue: 'RCODE',
      summary: 'Pass only with this response code: NOERROR, NXDOMAIN, SERVFAIL, ...',
    }),
    'expect-answer': Flags.string({
      helpGroup,
      helpValue: 'DATA,',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      summary: 'Pass only with exactly these answers: all of them, in any order, and no other',
    }),
    ...sourceFlags,
    ...expectationFlags,
    ...toolFlags,
    ...outputFlags,
    ...kubernetesFlags,
    // After kubectl's own of that name, which is told by its scheme.
    server: Flags.string({
      char: 's',
      helpGroup,
      helpValue: 'DST',
      multiple: true,
      multipleNonGreedy: true,
      summary:
        "Ask this DNS server instead of the pod's: an address, svc/NAME, pod/NAME (port 53 by default); repeatable. With https:// it is the API server, as in kubectl",
    }),
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Dns);
    const { runDnsCommand } = await import('./dns-command.js');
    await runDnsCommand(positionalWords(raw), flags);
  }
}
