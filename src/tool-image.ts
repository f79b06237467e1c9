// SPDX-License-Identifier: Apache-2.0
import { version } from './version.js';

/**
 * The image of tool containers: one with the standard tools, pinned by its version tag. With its registry, because some
 * runtimes refuse short names and policies compare the whole.
 */
export const defaultImage = 'docker.io/nicolaka/netshoot:v0.15';

/** Whether a text can be the name of an image; the runtime knows more of it. */
export function isImageName(text: string): boolean {
  return /^[A-Za-z0-9][\w./:@-]*$/.test(text);
}

/** What `version --client` prints. */
export function clientVersionText(image: string): string {
  return `Client Version: v${version}\nImage: ${image}\n`;
}
