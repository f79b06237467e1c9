// SPDX-License-Identifier: Apache-2.0
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder that holds everything the test cluster keeps: NETMACHINERY_TEST_HOME, else the user's cache folder. */
export function testHome(): string {
  const chosen = process.env['NETMACHINERY_TEST_HOME'];
  if (chosen) return chosen;
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'netmachinery-test');
}

/** Where things lie below a home folder. What is under `run` belongs to one start of the cluster; the rest is kept. */
export function pathsBelow(home: string) {
  const run = join(home, 'run');
  return {
    home,
    /** Programs built from Go modules, each in a folder named after the hash of its inputs. */
    builds: join(home, 'builds'),
    /** Holds one symbolic link, `kubectl`, and nothing else: made to be put on PATH. */
    kubectl: join(home, 'kubectl'),
    pki: join(home, 'pki'),
    images: join(home, 'images'),
    /** node1's containerd: images and their unpacked layers outlive the cluster, so a later start has them at once. */
    containerdRoot: join(home, 'containerd'),
    /** Disk images for node2, named by the hash of the images that they hold. */
    disks: join(home, 'disks'),
    lock: join(home, 'lock'),
    logs: join(home, 'logs'),
    run,
    processes: join(run, 'processes'),
    containerdState: join(run, 'containerd'),
    containerdSocket: join(run, 'containerd.sock'),
    kubeletRoot: join(run, 'kubelet'),
    podLogs: join(run, 'pod-logs'),
    ipam: join(run, 'ipam'),
    etcd: join(run, 'etcd'),
    kubeconfigs: join(run, 'kubeconfigs'),
    /** Settings of the kernel as they were before the cluster changed them. */
    kernelSettings: join(home, 'kernel-settings.json'),
    /** Written when a start has been completed; its absence beside `run` means that a start was cut short. */
    complete: join(run, 'complete.json'),
  };
}

export type ClusterPaths = ReturnType<typeof pathsBelow>;
