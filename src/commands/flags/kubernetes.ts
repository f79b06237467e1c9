// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import type { ClusterOptions } from '../../kube/cluster.js';
import { durationFlag } from './duration.js';

const helpGroup = 'KUBECTL';

/** kubectl's own flags: same names, same meaning. */
export const kubernetesFlags = {
  namespace: Flags.string({ char: 'n', helpGroup, helpValue: 'NAME', summary: 'The namespace of names without one' }),
  context: Flags.string({ helpGroup, helpValue: 'NAME', summary: 'The kubeconfig context to use' }),
  cluster: Flags.string({ helpGroup, helpValue: 'NAME', summary: 'The kubeconfig cluster to use' }),
  user: Flags.string({ helpGroup, helpValue: 'NAME', summary: 'The kubeconfig user to use' }),
  kubeconfig: Flags.string({ helpGroup, helpValue: 'FILE', summary: 'The kubeconfig file to use' }),
  server: Flags.string({ char: 's', helpGroup, helpValue: 'URL', summary: 'Address of the Kubernetes API server' }),
  token: Flags.string({ helpGroup, helpValue: 'TOKEN', summary: 'Bearer token for the API server' }),
  as: Flags.string({ helpGroup, helpValue: 'USER', summary: 'Username to impersonate' }),
  'as-group': Flags.string({
    helpGroup,
    helpValue: 'GROUP',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Group to impersonate; may be repeated',
  }),
  'as-uid': Flags.string({ helpGroup, helpValue: 'UID', summary: 'UID to impersonate' }),
  'certificate-authority': Flags.string({
    helpGroup,
    helpValue: 'FILE',
    summary: "Certificate of the server's authority",
  }),
  'client-certificate': Flags.string({ helpGroup, helpValue: 'FILE', summary: 'Client certificate for TLS' }),
  'client-key': Flags.string({ helpGroup, helpValue: 'FILE', summary: 'Client key for TLS' }),
  'tls-server-name': Flags.string({
    helpGroup,
    helpValue: 'NAME',
    summary: "Name to check the server's certificate for",
  }),
  'insecure-skip-tls-verify': Flags.boolean({ helpGroup, summary: "Do not check the server's certificate" }),
  'request-timeout': durationFlag({
    flag: 'request-timeout',
    helpGroup,
    helpValue: 'DURATION',
    summary: 'Limit of one request to the API server; 0 means none',
  }),
  v: Flags.integer({
    char: 'v',
    helpGroup,
    helpValue: 'LEVEL',
    summary: 'Log level; from 6 on requests are shown on stderr',
  }),
};

export type KubernetesFlagValues = { [name in keyof typeof kubernetesFlags]?: unknown };

function logTo(level: number): ClusterOptions['log'] {
  return (lineLevel, line) => {
    if (lineLevel <= level) process.stderr.write(`${line}\n`);
  };
}

/** The parsed flags as the kube room takes them. */
export function clusterOptions(flags: KubernetesFlagValues): ClusterOptions {
  const text = (name: keyof KubernetesFlagValues) => flags[name] as string | undefined;
  const level = flags.v as number | undefined;
  return {
    namespace: text('namespace'),
    context: text('context'),
    cluster: text('cluster'),
    user: text('user'),
    kubeconfig: text('kubeconfig'),
    server: text('server'),
    token: text('token'),
    as: text('as'),
    asGroups: flags['as-group'] as string[] | undefined,
    asUid: text('as-uid'),
    certificateAuthority: text('certificate-authority'),
    clientCertificate: text('client-certificate'),
    clientKey: text('client-key'),
    tlsServerName: text('tls-server-name'),
    insecureSkipTlsVerify: flags['insecure-skip-tls-verify'] as boolean | undefined,
    requestTimeoutMs: flags['request-timeout'] as number | undefined,
    log: level === undefined ? undefined : logTo(level),
  };
}
