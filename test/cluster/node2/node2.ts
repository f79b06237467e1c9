// SPDX-License-Identifier: Apache-2.0
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { devices, node2, node2Gateway } from '../addresses.js';
import type { Builds } from '../builds.js';
import { kubeconfigOf } from '../kubeconfigs.js';
import { writeNodeConfiguration } from '../node-configuration.js';
import type { ClusterPaths } from '../paths.js';
import { preferProcess, startProcess } from '../processes.js';
import { runCommand } from '../run-command.js';
import { ensureXstate } from './xstate.js';

/** Where the guest mounts its disk, and where it keeps what is gone when it ends; see `init` beside this file. */
const guest = { disk: '/mnt', memory: '/run/node2' } as const;

/** What the guest touches once stays taken from this machine; its programs and the pods of a mesh test use less than half. */
const memory = '2G';

/**
 * Boots node2: a kubelet, containerd and kube-proxy under User-Mode Linux, whose kernel has sch_netem, which this
 * machine's own need not have. This machine's root file system is the guest's, read-only, through hostfs.
 */
export async function startNode2(disk: string, builds: Builds, paths: ClusterPaths): Promise<void> {
  const configuration = join(paths.run, 'node2');
  await writeNodeConfiguration(
    node2,
    // The guest's kernel has no nftables families.
    'iptables',
    {
      containerdRoot: join(guest.disk, 'containerd'),
      containerdState: join(guest.memory, 'containerd'),
      containerdSocket: join(guest.memory, 'containerd.sock'),
      configuration,
      podLogs: join(guest.disk, 'pod-logs'),
      ipam: join(guest.memory, 'ipam'),
    },
    paths,
  );
  await linkLegacyIptables(join(configuration, 'legacy'));
  await linkModules(join(configuration, 'modules'));
  // Its own folder, since the guest may write here: everything else of this machine is read-only to it.
  const logs = join(paths.logs, 'node2');
  await mkdir(logs, { recursive: true });
  // Words with `=` that the kernel does not know become the environment of the guest's first process.
  const environment = {
    NODE2_CONFIGURATION: configuration,
    NODE2_LOGS: logs,
    NODE2_KUBERNETES: join(builds.kubernetes, 'kubernetes'),
    NODE2_CONTAINERD: builds.containerd,
    NODE2_KUBECONFIG: kubeconfigOf('node2', paths),
    NODE2_ADDRESSES: `${node2.ipv4}/24,${node2.ipv6}/64`,
    NODE2_GATEWAYS: `${node2Gateway.ipv4},${node2Gateway.ipv6}`,
    NODE2_NODE_IP: `${node2.ipv4},${node2.ipv6}`,
  };
  const args = [
    `mem=${memory}`,
    'root=none',
    'rootfstype=hostfs',
    'rootflags=/',
    'ro',
    `init=${join(import.meta.dirname, 'init')}`,
    `ubd0=${join(paths.run, 'node2.cow')},${disk}`,
    `vec0:transport=tap,ifname=${devices.node2Tap}`,
    `uml_dir=${join(paths.run, 'uml')}/`,
    'umid=node2',
    'con=null',
    'con0=fd:0,fd:1',
    'quiet',
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  ];
  const variables = { LD_PRELOAD: await ensureXstate(paths), TMPDIR: await mountMemory(configuration) };
  await startProcess('node2', 'linux.uml', args, paths, variables);
  // Its programs are many processes of one session, and what waits for it is late by all that goes before them.
  await preferProcess('node2', paths);
}

/**
 * A file system for the file that is the guest's memory. User-Mode Linux would take /dev/shm, and dies of a bus error in the
 * midst of its work where that is smaller than what the guest comes to use, as it is in many containers.
 */
async function mountMemory(configuration: string): Promise<string> {
  const folder = join(configuration, 'memory');
  await mkdir(folder);
  await runCommand('mount', ['-t', 'tmpfs', '-o', 'size=0,mode=700', 'tmpfs', folder]);
  return folder;
}

/** A folder to put first on PATH, in which iptables is the variant that speaks to a kernel without nftables. */
async function linkLegacyIptables(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const program of ['iptables', 'ip6tables']) {
    for (const ending of ['', '-save', '-restore']) {
      await symlink('/usr/sbin/xtables-legacy-multi', join(folder, `${program}${ending}`));
    }
  }
}

/** The guest's kernel modules in the layout that `modprobe --dirname` wants, beside the machine's own /lib/modules. */
async function linkModules(folder: string): Promise<void> {
  const version = (await runCommand('linux.uml', ['--version'])).trim();
  await mkdir(join(folder, 'lib', 'modules'), { recursive: true });
  await symlink(join('/usr/lib/uml/modules', version), join(folder, 'lib', 'modules', version));
}
