// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import { imageDigest } from '../kube/image-presence.js';
import type { Node } from '../kube/objects.js';
import { serverVersion } from '../kube/server-version.js';
import { clientVersionText } from '../tool-image.js';
import { version } from '../version.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { objectText } from './object-text.js';

/** The flags of `version`, as they were parsed. */
export interface VersionFlags extends KubernetesFlagValues {
  client: boolean;
  output?: string | undefined;
  image: string;
}

interface Versions {
  clientVersion: string;
  image: string;
  imageDigest?: string;
  serverVersion?: string;
}

/** Nodes of a cluster mostly have the same images; more than these are not asked for a digest. */
const askedNodes = 20;

/** The image's digest, as far as it is known without a registry. Nothing is said of nodes that may not be read. */
async function digestOf(cluster: Cluster, image: string): Promise<string | undefined> {
  const own = imageDigest(image, []);
  if (own !== undefined) return own;
  try {
    for await (const page of cluster.list<Node>('/api/v1/nodes', { limit: askedNodes }))
      return imageDigest(image, page);
  } catch {
    return undefined;
  }
  return undefined;
}

async function printed(versions: Versions, output: string | undefined): Promise<string> {
  if (output !== undefined) return objectText(versions, output);
  const lines = [clientVersionText(versions.image).trimEnd()];
  // A reference by digest says it already.
  if (versions.imageDigest !== undefined && !versions.image.endsWith(versions.imageDigest)) {
    lines.push(`Image Digest: ${versions.imageDigest}`);
  }
  if (versions.serverVersion !== undefined) lines.push(`Server Version: ${versions.serverVersion}`);
  return `${lines.join('\n')}\n`;
}

/** `version`: prints ours also where the server cannot be asked, and throws that then, as kubectl does. */
export async function versionCommand(flags: VersionFlags): Promise<void> {
  const { image, output } = flags;
  const own = imageDigest(image, []);
  const versions: Versions = {
    clientVersion: `v${version}`,
    image,
    ...(own === undefined ? {} : { imageDigest: own }),
  };
  let cluster: Cluster | undefined;
  try {
    if (!flags.client) {
      cluster = await connectCluster(clusterOptions(flags));
      const [server, digest] = await Promise.all([serverVersion(cluster), digestOf(cluster, image)]);
      if (digest !== undefined) versions.imageDigest = digest;
      versions.serverVersion = server.text;
    }
  } finally {
    process.stdout.write(await printed(versions, output));
    cluster?.close();
  }
}
