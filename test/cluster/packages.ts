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
  buildah: '/usr/bin/buildah',
  // Not of the cluster's: probers that tests start on this machine send their echo requests by it.
  fping: '/usr/bin/fping',
  // What remote scripts of probes are tried with on this machine, without a container.
  'iputils-ping': '/usr/bin/ping',
  tcpdump: '/usr/bin/tcpdump',
  'bind9-dnsutils': '/usr/bin/dig',
  curl: '/usr/bin/curl',
  'libcap2-bin': '/usr/sbin/setcap',
  'busybox-static': '/usr/bin/busybox',
  gcc: '/usr/bin/gcc',
  'libc6-dev': '/usr/include/stdio.h',
  faketime: '/usr/bin/faketime',
  'user-mode-linux': '/usr/bin/linux.uml',
};

async function missingOf(wanted: Record<string, string>): Promise<string[]> {
  const checks = Object.entries(wanted).map(async ([name, file]) => {
    return (await fileExists(file)) ? [] : [name];
  });
  return (await Promise.all(checks)).flat();
}

/**
 * Installs those of Debian's packages that are missing; each comes with a file that tells whether it is there. Throws a
 * Failure where there is no apt-get or it fails.
 */
export async function installPackages(wanted: Record<string, string>, progress: Progress): Promise<void> {
  const missing = await missingOf(wanted);
  if (missing.length === 0) return;
  progress(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Whoever else installs something is waited for.
  const patient = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  await runCommand('apt-get', ['update', ...patient], { env });
  await runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...patient, ...missing], { env });
  const still = await missingOf(wanted);
  if (still.length > 0) throw new Failure('unsupported', `still missing after the installation: ${still.join(' ')}`);
}

/** Installs what the cluster runs on, as far as it is missing. Throws a Failure where that fails. */
export function ensurePackages(progress: Progress): Promise<void> {
  return installPackages(packages, progress);
}

/** The Go version in use, such as `go1.26.8`. Throws a Failure with what to do where there is no Go. */
export async function goVersion(): Promise<string> {
  const result = await tryCommand('go', ['env', 'GOVERSION']).catch(() => undefined);
  if (result?.code === 0) return result.stdout.trim();
  throw new Failure('unsupported', 'Go is not installed', {
    hint: 'the test cluster is built from Go modules: install Go 1.26 or newer',
  });
}
