// SPDX-License-Identifier: Apache-2.0
import { ensureBuilds, type Builds } from './builds.js';
import { ensureCertificates } from './certificates.js';
import { ensureCorednsImage } from './coredns.js';
import { ensureAgentImage } from './images/agent-image.js';
import { ensureImages } from './images/images.js';
import { ensurePackages } from './packages.js';
import type { ClusterPaths } from './paths.js';
import type { Progress } from './progress.js';

/** What a start needs and what outlives it. */
export interface Prepared {
  builds: Builds;
  /** Archives of all images, in the order of import. */
  images: string[];
}

/** Makes everything that is kept between starts, if it is missing: packages, programs, certificates, images. */
export async function prepare(paths: ClusterPaths, progress: Progress): Promise<Prepared> {
  await ensurePackages(progress);
  const [images, agent, builds] = await Promise.all([
    ensureImages({ cacheDir: paths.images, progress }),
    ensureAgentImage(paths.images, progress),
    ensureBuilds(paths, progress),
    ensureCertificates(paths),
  ]);
  return { builds, images: [...images, await ensureCorednsImage(builds, paths), agent] };
}
