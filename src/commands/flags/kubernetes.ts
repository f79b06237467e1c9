// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import { Failure } from '../../errors/failure.js';
import { parseDurationMs } from './duration.js';

const helpGroup = 'KUBECTL';

/** Milliseconds of kubectl's `--request-timeout`: a duration, or whole seconds (clientcmd.ParseTimeout); 0 means none. */
function parseRequestTimeoutMs(text: string): Promise<number> {
  try {
    return Promise.resolve(parseDurationMs(text, 'request-timeout'));
  } catch (thrown) {
    throw new Failure('usage', `invalid value "${text}" for --request-timeout: Invalid timeout value`, {
      hint: 'a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
      cause: thrown,
    });
  }
}

/** kubectl's own flags: same names, same meaning, and the words of `kubectl options`. */
export const kubernetesFlags = {
  namespace: Flags.string({
    char: 'n',
    helpGroup,
    helpValue: 'NAME',
    summary: 'If present, the namespace scope for this CLI request',
  }),
  context: Flags.string({ helpGroup, helpValue: 'NAME', summary: 'The name of the kubeconfig context to use' }),
  cluster: Flags.string({ helpGroup, helpValue: 'NAME', summary: 'The name of the kubeconfig cluster to use' }),
  user: Flags.string({ helpGroup, helpValue: 'NAME', summary: 'The name of the kubeconfig user to use' }),
  kubeconfig: Flags.string({
    helpGroup,
    helpValue: 'FILE',
    summary: 'Path to the kubeconfig file to use for CLI requests.',
  }),
  server: Flags.string({
    char: 's',
    helpGroup,
    helpValue: 'URL',
    summary: 'The address and port of the Kubernetes API server',
  }),
  token: Flags.string({
    helpGroup,
    helpValue: 'TOKEN',
    summary: 'Bearer token for authentication to the API server',
  }),
  username: Flags.string({
    helpGroup,
    helpValue: 'NAME',
    summary: 'Username for basic authentication to the API server',
  }),
  password: Flags.string({
    helpGroup,
    helpValue: 'TEXT',
    summary: 'Password for basic authentication to the API server',
  }),
  as: Flags.string({
    helpGroup,
    helpValue: 'USER',
    summary:
      'Username to impersonate for the operation. User could be a regular user or a service account in a namespace.',
  }),
  'as-group': Flags.string({
    helpGroup,
    helpValue: 'GROUP',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups.',
  }),
  'as-uid': Flags.string({ helpGroup, helpValue: 'UID', summary: 'UID to impersonate for the operation.' }),
  'as-user-extra': Flags.string({
    helpGroup,
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
    summary:
      'User extras to impersonate for the operation, this flag can be repeated to specify multiple values for the same key.',
  }),
  'certificate-authority': Flags.string({
    helpGroup,
    helpValue: 'FILE',
    summary: 'Path to a cert file for the certificate authority',
  }),
  'client-certificate': Flags.string({
    helpGroup,
    helpValue: 'FILE',
    summary: 'Path to a client certificate file for TLS',
  }),
  'client-key': Flags.string({ helpGroup, helpValue: 'FILE', summary: 'Path to a client key file for TLS' }),
  'tls-server-name': Flags.string({
    helpGroup,
    helpValue: 'NAME',
    summary:
      'Server name to use for server certificate validation. If it is not provided, the hostname used to contact the server is used',
  }),
  'insecure-skip-tls-verify': Flags.boolean({
    helpGroup,
    summary:
      "If true, the server's certificate will not be checked for validity. This will make your HTTPS connections insecure",
  }),
  'disable-compression': Flags.boolean({
    helpGroup,
    summary: 'If true, opt-out of response compression for all requests to the server',
  }),
  'request-timeout': Flags.custom<number>({ parse: parseRequestTimeoutMs })({
    helpGroup,
    helpValue: 'DURATION',
    summary:
      "The length of time to wait before giving up on a single server request. Non-zero values should contain a corresponding time unit (e.g. 1s, 2m, 3h). A value of zero means don't timeout requests.",
  }),
  v: Flags.integer({
    char: 'v',
    helpGroup,
    helpValue: 'LEVEL',
    summary:
      'number for the log level verbosity: on stderr, from 1 on how many API requests were made, from 6 on each of them, from 7 on their headers; never a body or a secret',
  }),
};

export type KubernetesFlagValues = { [name in keyof typeof kubernetesFlags]?: unknown };
