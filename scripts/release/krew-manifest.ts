// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { executableName, type Platform } from './platforms.js';
import { repositoryUrl } from './repository-url.js';

/** An archive of a platform as krew is to find it. */
export interface KrewArchive {
  platform: Pick<Platform, 'os' | 'arch'>;
  uri: string;
  sha256: string;
}

const description = `Finds out from the user's own pods who reaches whom, how fast, and why not: ICMP, TCP, UDP, DNS,
HTTP, path MTU and routes, by ephemeral containers that end by themselves. Says what
NetworkPolicies allow beside what was measured, delays and drops packets of chosen pods,
makes whole files of tests for CI, and shows latency between all pods.
`;

const caveats = `krew puts the plugin alone on PATH. For completion of its words by kubectl, run once
  kubectl netmachinery completion install
and before uninstalling: kubectl netmachinery completion uninstall
On Linux this needs the GNU C library; for Alpine and other machines with musl see
${repositoryUrl}/blob/main/krew/README.md
`;

/**
 * The text of krew's plugin manifest of a version (without `v`). The first platform that fits is the one krew takes. Its
 * indentation is the one that krew-release-bot's addURIAndSha counts on.
 */
export function krewManifest(version: string, archives: readonly KrewArchive[]): string {
  const manifest = {
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'netmachinery' },
    spec: {
      version: `v${version}`,
      homepage: repositoryUrl,
      shortDescription: 'Test, shape and watch pod networks',
      description,
      caveats,
      platforms: archives.map(({ platform, uri, sha256 }) => ({
        selector: { matchLabels: { os: platform.os, arch: platform.arch } },
        uri,
        sha256,
        bin: executableName(platform),
      })),
    },
  };
  return stringify(manifest, { lineWidth: 0, blockQuote: 'literal', indentSeq: false });
}
