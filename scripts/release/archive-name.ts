// SPDX-License-Identifier: Apache-2.0

/** The name of the archive of a platform, or of `noarch`, at a tag such as `v1.2.3`. */
export function archiveNameOf(platform: string, tag: string): string {
  return `kubectl-netmachinery_${tag}_${platform}.tar.gz`;
}
