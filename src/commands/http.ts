// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { longestAttemptMs } from '../model/longest-attempt.js';
import { durationFlag } from './flags/duration.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { expectationFlags, outputFlags, selectionFlags, toolFlags } from './flags/run.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'HTTP';

export default class Http extends Command {
  static override summary = 'Make HTTP requests from pods';
  static override description = `Says what servers answer, when each phase was over, and if they do not, why.

SRC is a pod, a workload (deploy/web), a Service (svc/api: its ready pods) or a node (node/worker-2: a pod on it).
URL is asked for as an application in the pod would: its host is resolved there. Instead of a URL also DST:PORT as in
connect (svc/api:80 is its virtual address and each ready endpoint; pod/x:8080, 10.0.0.7:80), with --path and --tls;
Host and SNI are the Service's DNS name, or the address.

A status below 400 passes; --expect-status says otherwise. Headers and body go to the pod over standard input: they are in no
process list, log or report.`;
  static override usage = ['http SRC URL|DST:PORT...', 'http -l SELECTOR URL|DST:PORT...'];
  static override strict = false;
  static override examples = [
    {
      description: 'A Service by its name as the application asks it, and each of its endpoints',
      command: '<%= config.bin %> http deploy/web http://api.shop/healthz --each-endpoint',
    },
    {
      description: 'The same without DNS, over TLS, whatever the certificate',
      command: '<%= config.bin %> http deploy/web svc/api:443 --tls --insecure --path /healthz --expect-status 200',
    },
    {
      description: 'Post a file, and look at what comes back',
      command:
        "<%= config.bin %> http pod/web-0 http://api/orders -H 'Content-Type: application/json' --body-file order.json --expect-body '/\"id\": *[0-9]+/'",
    },
  ];
  static override flags = {
    method: Flags.string({
      helpGroup,
      helpValue: 'METHOD',
      summary: 'Request method [default: GET; POST with a body]',
    }),
    header: Flags.string({
      char: 'H',
      helpGroup,
      helpValue: 'NAME: VALUE',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Send this header; repeatable',
    }),
    'body-file': Flags.string({
      helpGroup,
      helpValue: 'FILE',
      summary: 'Send this local file, or - for standard input; at most 128 KiB',
    }),
    path: Flags.string({
      helpGroup,
      helpValue: 'PATH',
      summary: 'Path that DST:PORT is asked for, with or without a query [default: /]',
    }),
    tls: Flags.boolean({ helpGroup, summary: 'Ask DST:PORT over TLS' }),
    insecure: Flags.boolean({
      char: 'k',
      helpGroup,
      summary: 'Accept any certificate; what is wrong with it is still said',
    }),
    http2: Flags.boolean({ helpGroup, summary: 'Offer HTTP/2; what was spoken is shown' }),
    'follow-redirects': Flags.integer({
      helpGroup,
      min: 0,
      max: 50,
      default: 0,
      helpValue: '[N]',
      summary: 'Follow up to N redirects (=N; without it 10); otherwise they are shown',
    }),
    'each-endpoint': Flags.boolean({
      helpGroup,
      summary: "Where a URL's host is the DNS name of a Service, ask each endpoint as well, by itself",
    }),
    'use-pod-proxy': Flags.boolean({
      helpGroup,
      summary: "Heed http_proxy and the like of the container's environment, which are ignored otherwise",
    }),
    attempts: Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 1,
      max: 100,
      default: 1,
      summary: 'Requests to each destination, each on a new connection',
    }),
    'max-time': durationFlag({
      flag: 'max-time',
      helpGroup,
      helpValue: 'DURATION',
      default: 10_000,
      defaultHelp: () => Promise.resolve('10s'),
      minMs: 1,
      maxMs: longestAttemptMs,
      summary: 'Limit of one whole request',
    }),
    'expect-status': Flags.string({
      helpGroup,
      helpValue: 'STATUS,...',
      summary: 'Pass only with one of these: 200, 2xx, 200-299 [default: any below 400]',
    }),
    'expect-body': Flags.string({
      helpGroup,
      helpValue: 'TEXT|/REGEX/',
      summary: 'Pass only if the first 64 KiB of the body contain this',
    }),
    ...selectionFlags,
    ...expectationFlags,
    'connect-timeout': durationFlag({
      flag: 'connect-timeout',
      helpGroup: 'RUN',
      helpValue: 'DURATION',
      default: 3500,
      defaultHelp: () => Promise.resolve('3.5s'),
      minMs: 1,
      maxMs: longestAttemptMs,
      summary: 'How long a request waits until it is connected, TLS included',
    }),
    ...toolFlags,
    ...outputFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Http);
    const { runHttpCommand } = await import('./http-command.js');
    await runHttpCommand(positionalWords(raw), flags);
  }
}
