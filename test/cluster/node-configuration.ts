// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allPods, clusterDomain, devices, services, type NodeAddresses } from './addresses.js';
import { kubeconfigOf } from './kubeconfigs.js';
import type { ClusterPaths } from './paths.js';

/** Where a node's programs find and leave things, as seen from that node. */
export interface NodeFolders {
  /** containerd's images and layers. */
  containerdRoot: string;
  containerdState: string;
  containerdSocket: string;
  /** Configuration files, which the node only reads. */
  configuration: string;
  podLogs: string;
  ipam: string;
}

const pauseImage = 'docker.io/netmachinery-test/pause:1';
/** Files made by CNI for this network carry its name, which is how they are told from others'. */
export const cniNetwork = 'netmachinery-test';

function containerdConfig(folders: NodeFolders): string {
  // restrict_oom_score_adj: without CAP_SYS_RESOURCE runc may not lower a score, and every container would fail.
  return `version = 3
root = "${folders.containerdRoot}"
state = "${folders.containerdState}"
disabled_plugins = ["io.containerd.grpc.v1.healthcheck", "io.containerd.nri.v1.nri", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = "${folders.containerdSocket}"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "${pauseImage}"
[plugins.'io.containerd.cri.v1.images'.registry]
  config_path = "${join(folders.configuration, 'registries')}"
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  enable_cdi = false
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "${join(folders.configuration, 'cni')}"
    use_internal_loopback = true
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
      Root = "${join(folders.containerdState, 'runc')}"
`;
}

function kubeletConfig(folders: NodeFolders, paths: ClusterPaths) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(paths.pki, 'ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    containerRuntimeEndpoint: `unix://${folders.containerdSocket}`,
    clusterDomain,
    clusterDNS: [services.dns],
    resolvConf: join(folders.configuration, 'resolv.conf'),
    podLogsDir: folders.podLogs,
    volumePluginDir: join(folders.configuration, 'volume-plugins'),
    maxPods: 200,
    // A changed ConfigMap reaches its pods with their next synchronization: not after a minute, or tests would wait for it.
    syncFrequency: '10s',
    // Many tests at once are more than one node's share of changes: with the default of 50 a second, their reports queue.
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
    // The machine's disk belongs to others too: how full it is must not evict a test's pods or delete images.
    evictionHard: { 'nodefs.available': '0%', 'imagefs.available': '0%', 'memory.available': '50Mi' },
    imageGCHighThresholdPercent: 100,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    makeIPTablesUtilChains: false,
  };
}

function kubeProxyConfig(node: NodeAddresses, mode: 'nftables' | 'iptables', paths: ClusterPaths) {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: kubeconfigOf('proxy', paths) },
    mode,
    clusterCIDR: `${allPods.ipv4},${allPods.ipv6}`,
    hostnameOverride: node.name,
    // Zero leaves the kernel's table of connections, which the whole machine shares, as it is.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}

function cniConfig(node: NodeAddresses, folders: NodeFolders) {
  const bridge = {
    type: 'bridge',
    bridge: devices.pods,
    isGateway: true,
    hairpinMode: true,
    ipam: {
      type: 'host-local',
      dataDir: folders.ipam,
      ranges: [[{ subnet: node.podsIpv4 }], [{ subnet: node.podsIpv6 }]],
      routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
    },
  };
  const portmap = { type: 'portmap', capabilities: { portMappings: true } };
  return { cniVersion: '1.0.0', name: cniNetwork, plugins: [bridge, portmap] };
}

/** Writes the configuration of a node's containerd, kubelet, kube-proxy and CNI below `folders.configuration`. */
export async function writeNodeConfiguration(
  node: NodeAddresses,
  mode: 'nftables' | 'iptables',
  folders: NodeFolders,
  paths: ClusterPaths,
): Promise<void> {
  const put = async (name: string, body: string | object) => {
    const file = join(folders.configuration, name);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, typeof body === 'string' ? body : JSON.stringify(body, null, 2));
  };
  await put('containerd.toml', containerdConfig(folders));
  await put('kubelet.json', kubeletConfig(folders, paths));
  await put('kube-proxy.json', kubeProxyConfig(node, mode, paths));
  await put('cni/10-pods.conflist', cniConfig(node, folders));
  // There is no registry: whatever is not there already is refused at once instead of being looked for.
  await put('registries/_default/hosts.toml', 'server = "http://127.0.0.1:1"\n');
  // Pods that take their node's name server get none: the machine's own one is outside the cluster.
  await put('resolv.conf', '# The test cluster asks no name server outside.\n');
}
