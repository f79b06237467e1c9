// SPDX-License-Identifier: Apache-2.0
import type { Cluster, RequestOptions } from './cluster.js';

/** The version of an API server, as it says. */
export interface ServerVersion {
  /** `v1.34.4`, or with a suffix of the vendor's. */
  text: string;
  /** Major and minor number; undefined where they cannot be read. */
  release: { major: number; minor: number } | undefined;
}

/** The release of a version such as `v1.34.4-gke.1`. */
export function releaseOf(version: string): { major: number; minor: number } | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)(?:\D|$)/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** Asks for /version, which everybody may read (system:public-info-viewer). */
export async function serverVersion(cluster: Cluster, options: RequestOptions = {}): Promise<ServerVersion> {
  const { gitVersion } = await cluster.get<{ gitVersion: string }>('/version', options);
  return { text: gitVersion, release: releaseOf(gitVersion) };
}
