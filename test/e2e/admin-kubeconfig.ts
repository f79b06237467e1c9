// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { kubectl } from './kubectl.js';

interface Kubeconfig {
  clusters: { name: string; cluster: Record<string, unknown> }[];
  users: { name: string; user: Record<string, unknown> }[];
}

/** Writes the test cluster's own kubeconfig, with `change` made to its only cluster and user, to a file of its own. */
export async function writeKubeconfig(
  file: string,
  change: { cluster?: Record<string, unknown>; user?: Record<string, unknown> },
): Promise<string> {
  const text = await kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']);
  const config = JSON.parse(text) as Kubeconfig;
  for (const entry of config.clusters) entry.cluster = change.cluster ?? entry.cluster;
  for (const entry of config.users) entry.user = change.user ?? entry.user;
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
