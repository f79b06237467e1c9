// SPDX-License-Identifier: Apache-2.0
import { fileExists } from './file-exists.js';
import { Failure } from '../../src/errors/failure.js';
import type { Progress } from './progress.js';
import { runCommand, tryCommand } from './run-command.js';

/** Debian's packages that the cluster runs on, each with a file that tells whether it is there. */
const packages: Record<string, string> = {
  'etcd-server': '/usr/bin/etcd',
  runc: '/usr/sbin/runc',
  containerd: '/usr/bin/ctr',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  iproute2: '/usr/bin/ip',
  iptables: '/usr/sbin/xtables-legacy-multi',
  nftables: '/usr/sbin/nft',
  conntrack: '/usr/sbin/conntrack',
  kmod: '/usr/bin/kmod',
  mount: '/usr/bin/mount',
  openssl: '/usr/bin/openssl',
  e2fsprogs: '/usr/sbin/mkfs.ext4',
  debootstrap: '/usr/sbin/debootstrap',
  'libcap2-bin': '/usr/sbin/setcap',
  'busybox-static': '/usr/bin/busybox',
  gcc: '/usr/bin/gcc',
  'libc6-dev': '/usr/include/stdio.h',
  'user-mode-linux': '/usr/bin/linux.uml',
};

async function missingPackages(): Promise<string[]> {
  const checks = Object.entries(packages).map(async ([name, file]) => {
    return (await fileExists(file)) ? [] : [name];
  });
  return (await Promise.all(checks)).flat();
}

/** Installs those of Debian's packages that are missing. Throws a Failure where there is no apt-get or it fails. */
export async function ensurePackages(progress: Progress): Promise<void> {
  const missing = await missingPackages();
  if (missing.length === 0) return;
  progress(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['update', '-qq'], { env });
  await runCommand('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
  const still = await missingPackages();
  if (still.length > 0) throw new Failure('unsupported', `still missing after the installation: ${still.join(' ')}`);
}

/** The Go version in use, such as `go1.26.8`. Throws a Failure with what to do where there is no Go. */
export async function goVersion(): Promise<string> {
  const result = await tryCommand('go', ['env', 'GOVERSION']).catch(() => undefined);
  if (result?.code === 0) return result.stdout.trim();
  throw new Failure('unsupported', 'Go is not installed', {
    hint: 'the test cluster is built from Go modules: install Go 1.26 or newer',
  });
}
