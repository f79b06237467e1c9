// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { node1 } from './addresses.js';
import type { Builds } from './builds.js';
import { kubeconfigOf } from './kubeconfigs.js';
import { writeNodeConfiguration, type NodeFolders } from './node-configuration.js';
import type { ClusterPaths } from './paths.js';
import { standardPath, startProcess } from './processes.js';

function node1Folders(paths: ClusterPaths): NodeFolders {
  return {
    containerdRoot: paths.containerdRoot,
    containerdState: paths.containerdState,
    containerdSocket: paths.containerdSocket,
    configuration: join(paths.run, 'node1'),
    podLogs: paths.podLogs,
    ipam: paths.ipam,
  };
}

/** Writes node1's configuration and starts its container runtime, which needs nothing else of the cluster. */
export async function startRuntime(builds: Builds, paths: ClusterPaths): Promise<void> {
  const folders = node1Folders(paths);
  await mkdir(paths.containerdRoot, { recursive: true });
  await writeNodeConfiguration(node1, 'nftables', folders, paths);
  const args = ['--config', join(folders.configuration, 'containerd.toml')];
  await startProcess('containerd', join(builds.containerd, 'containerd'), args, paths, {
    PATH: `${builds.containerd}:${standardPath}`,
  });
}

/** Starts node1's kube-proxy, in nftables mode. */
export async function startKubeProxy(builds: Builds, paths: ClusterPaths): Promise<void> {
  const configuration = join(node1Folders(paths).configuration, 'kube-proxy.json');
  const args = ['kube-proxy', `--config=${configuration}`];
  await startProcess('kube-proxy', join(builds.kubernetes, 'kubernetes'), args, paths);
}

/** Starts node1's kubelet and kube-proxy. */
export async function startNode1(builds: Builds, paths: ClusterPaths): Promise<void> {
  const program = join(builds.kubernetes, 'kubernetes');
  const configuration = node1Folders(paths).configuration;
  const kubelet = [
    `--config=${join(configuration, 'kubelet.json')}`,
    `--kubeconfig=${kubeconfigOf('node1', paths)}`,
    `--hostname-override=${node1.name}`,
    `--node-ip=${node1.ipv4},${node1.ipv6}`,
    `--root-dir=${paths.kubeletRoot}`,
    `--cert-dir=${join(paths.run, 'kubelet-pki')}`,
  ];
  await startProcess('kubelet', program, ['kubelet', ...kubelet], paths);
  await startKubeProxy(builds, paths);
}
