// SPDX-License-Identifier: Apache-2.0
import { homedir } from 'node:os';
import type { ClusterOptions } from '../kube/cluster.js';
import type { CommandLine } from './command-line.js';

/** Flags of one value that say which cluster is meant, and as whom. */
const textFlags = {
  namespace: 'namespace',
  context: 'context',
  cluster: 'cluster',
  user: 'user',
  kubeconfig: 'kubeconfig',
  server: 'server',
  token: 'token',
  username: 'username',
  password: 'password',
  as: 'as',
  asUid: 'as-uid',
  certificateAuthority: 'certificate-authority',
  clientCertificate: 'client-certificate',
  clientKey: 'client-key',
  tlsServerName: 'tls-server-name',
} as const satisfies Partial<Record<keyof ClusterOptions, string>>;

/** Shells hand words over as they were typed. */
const files = new Set(['kubeconfig', 'certificate-authority', 'client-certificate', 'client-key']);
const home = (path: string) => (path.startsWith('~/') ? homedir() + path.slice(1) : path);

/** A flag's values, if it is kubectl's: `rbac --user` and `dns --server` are not. */
function valuesOf({ command, given }: CommandLine, name: string): readonly string[] {
  const flag = command.flags.find((one) => one.name === name);
  const isKubectls = flag?.helpGroup === 'KUBECTL' || name === 'namespace';
  return isKubectls ? (given.get(name) ?? []) : [];
}

/** The cluster that command lines are about; of two the first one's flags hold for the second. */
export function clusterOptionsOf(lines: readonly CommandLine[]): ClusterOptions {
  const all = (name: string) => lines.flatMap((line) => valuesOf(line, name));
  const entries = Object.entries(textFlags).flatMap(([option, name]) => {
    const value = all(name).at(-1);
    return value === undefined ? [] : [[option, files.has(name) ? home(value) : value] as const];
  });
  const groups = all('as-group');
  const isInsecure = all('insecure-skip-tls-verify').at(-1);
  return {
    ...Object.fromEntries(entries),
    ...(groups.length === 0 ? {} : { asGroups: [...groups] }),
    ...(isInsecure === undefined ? {} : { insecureSkipTlsVerify: /^(?:1|t|true)$/i.test(isInsecure) }),
  };
}
