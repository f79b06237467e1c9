// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { ClusterOptions } from '../../kube/cluster.js';
import type { KubernetesFlagValues } from './kubernetes.js';

function logTo(level: number): ClusterOptions['log'] {
  return (lineLevel, line) => {
    if (lineLevel <= level) process.stderr.write(`${line}\n`);
  };
}

/** `KEY=VALUE` words as values by key. Throws Failure `usage`. */
function userExtra(words: readonly string[] | undefined): Record<string, string[]> | undefined {
  if (words === undefined) return undefined;
  const extra = new Map<string, string[]>();
  for (const word of words) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      throw new Failure('usage', `invalid value "${word}" for --as-user-extra: must be KEY=VALUE`);
    }
    extra.set(key, [...(extra.get(key) ?? []), value]);
  }
  return Object.fromEntries(extra);
}

/** The parsed flags as the kube room takes them. Throws Failure `usage`. */
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
    username: text('username'),
    password: text('password'),
    as: text('as'),
    asGroups: flags['as-group'] as string[] | undefined,
    asUid: text('as-uid'),
    asUserExtra: userExtra(flags['as-user-extra'] as string[] | undefined),
    certificateAuthority: text('certificate-authority'),
    clientCertificate: text('client-certificate'),
    clientKey: text('client-key'),
    tlsServerName: text('tls-server-name'),
    insecureSkipTlsVerify: flags['insecure-skip-tls-verify'] as boolean | undefined,
    disableCompression: flags['disable-compression'] as boolean | undefined,
    requestTimeoutMs: flags['request-timeout'] as number | undefined,
    log: level === undefined ? undefined : logTo(level),
  };
}
