// SPDX-License-Identifier: Apache-2.0
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import type { ClusterPaths } from './paths.js';

/** Kernel settings that the cluster needs or that the kubelet sets by itself; `down` puts the old values back. */
const kernelSettings: Record<string, string | undefined> = {
  'net/ipv4/ip_forward': '1',
  'net/ipv6/conf/all/forwarding': '1',
  'net/bridge/bridge-nf-call-iptables': '1',
  'net/bridge/bridge-nf-call-ip6tables': '1',
  'vm/overcommit_memory': undefined,
  'vm/panic_on_oom': undefined,
  'kernel/panic': undefined,
  'kernel/panic_on_oops': undefined,
};

/** Sets what the cluster needs, after writing down how it was. */
export async function changeKernelSettings(paths: ClusterPaths): Promise<void> {
  const before: Record<string, string> = {};
  for (const name of Object.keys(kernelSettings)) {
    const value = await readFile(`/proc/sys/${name}`, 'utf8').catch(() => undefined);
    if (value !== undefined) before[name] = value.trim();
  }
  const written = `${paths.kernelSettings}.new`;
  await writeFile(written, JSON.stringify(before));
  // An older record comes from a start that was cut short: its values are the true old ones.
  await link(written, paths.kernelSettings).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  await rm(written);
  for (const [name, value] of Object.entries(kernelSettings)) {
    if (value !== undefined && before[name] !== undefined) await writeFile(`/proc/sys/${name}`, value);
  }
}

/** Puts everything back to how it was written down, if it was. */
export async function restoreKernelSettings(paths: ClusterPaths): Promise<void> {
  const text = await readFile(paths.kernelSettings, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  for (const [name, value] of Object.entries(JSON.parse(text) as Record<string, string>)) {
    await writeFile(`/proc/sys/${name}`, value);
  }
  await rm(paths.kernelSettings);
}
