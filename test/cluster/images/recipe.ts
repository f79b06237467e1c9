// SPDX-License-Identifier: Apache-2.0
import type { ImageConfig } from './archive.js';

/** How one image is made. */
export interface ImageRecipe {
  /** Also the name of the archive's file. */
  shortName: string;
  config: ImageConfig;
  /** Everything that decides what `populate` writes: paths of files and folders. A change makes the image anew. */
  inputs: string[];
  /** Fills an empty directory with the image's root file system. */
  populate: (rootDirectory: string) => Promise<void>;
}

/** The full name under which an image is imported; tests and manifests use it. */
export function imageName(shortName: string): string {
  return `docker.io/netmachinery-test/${shortName}:1`;
}
