// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { apiPort, node1, services } from './addresses.js';
import type { Builds } from './builds.js';
import { kubeconfigOf } from './kubeconfigs.js';
import type { ClusterPaths } from './paths.js';
import { startProcess } from './processes.js';
import { runCommand } from './run-command.js';

const etcdUrl = 'http://127.0.0.1:2379';

/**
 * Starts etcd with an empty store: no object outlives the cluster. It lies in memory, because etcd waits for the disk at
 * each write (it has no --unsafe-no-fsync before 3.5), and on a slow one the kubelet's reports come many seconds late.
 */
export async function startEtcd(paths: ClusterPaths): Promise<void> {
  await mkdir(paths.etcd, { recursive: true, mode: 0o700 });
  await runCommand('mount', ['-t', 'tmpfs', '-o', 'size=1g,mode=0700', 'netmachinery-test-etcd', paths.etcd]);
  const args = {
    'data-dir': paths.etcd,
    'listen-client-urls': etcdUrl,
    'advertise-client-urls': etcdUrl,
    'listen-peer-urls': 'http://127.0.0.1:2380',
  };
  await startProcess('etcd', '/usr/bin/etcd', flags(args), paths);
}

/** Starts the API server, with its default admission plugins (PodSecurity among them) and default limits. */
export async function startApiServer(builds: Builds, paths: ClusterPaths): Promise<void> {
  const pki = (file: string) => join(paths.pki, file);
  const args = {
    'etcd-servers': etcdUrl,
    'bind-address': '::',
    'secure-port': String(apiPort),
    'advertise-address': node1.ipv4,
    'service-cluster-ip-range': `${services.ipv4},${services.ipv6}`,
    'tls-cert-file': pki('apiserver.crt'),
    'tls-private-key-file': pki('apiserver.key'),
    'client-ca-file': pki('ca.crt'),
    'kubelet-client-certificate': pki('kubelet-client.crt'),
    'kubelet-client-key': pki('kubelet-client.key'),
    // Else logs and exec would look for the node's name in the DNS.
    'kubelet-preferred-address-types': 'InternalIP',
    'service-account-key-file': pki('sa.pub'),
    'service-account-signing-key-file': pki('sa.key'),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'authorization-mode': 'Node,RBAC',
    'allow-privileged': 'true',
  };
  await startProcess(
    'kube-apiserver',
    join(builds.kubernetes, 'kubernetes'),
    ['kube-apiserver', ...flags(args)],
    paths,
  );
}

/** Starts the controller manager and the scheduler. Each is alone, so they need no election of a leader. */
export async function startControllers(builds: Builds, paths: ClusterPaths): Promise<void> {
  const program = join(builds.kubernetes, 'kubernetes');
  const pki = (file: string) => join(paths.pki, file);
  const common = (client: 'controller-manager' | 'scheduler') => ({
    kubeconfig: kubeconfigOf(client, paths),
    'authentication-kubeconfig': kubeconfigOf(client, paths),
    'authorization-kubeconfig': kubeconfigOf(client, paths),
    'bind-address': '127.0.0.1',
    'leader-elect': 'false',
  });
  const manager = {
    ...common('controller-manager'),
    'service-account-private-key-file': pki('sa.key'),
    'root-ca-file': pki('ca.crt'),
    'cluster-signing-cert-file': pki('ca.crt'),
    'cluster-signing-key-file': pki('ca.key'),
    'use-service-account-credentials': 'true',
    // At the default of 20 requests a second it would take 4 s to start its controllers.
    'kube-api-qps': '500',
    'kube-api-burst': '1000',
    // A new node's taint is at worst taken away at the next look at its health, else 5 s apart.
    'node-monitor-period': '1s',
    'flex-volume-plugin-dir': join(paths.run, 'volume-plugins'),
  };
  await startProcess('kube-controller-manager', program, ['kube-controller-manager', ...flags(manager)], paths);
  await startProcess('kube-scheduler', program, ['kube-scheduler', ...flags(common('scheduler'))], paths);
}

function flags(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
