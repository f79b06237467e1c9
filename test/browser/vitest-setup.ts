// SPDX-License-Identifier: Apache-2.0
import { installPackages } from '../cluster/packages.js';
import { progressOnStderr } from '../cluster/progress.js';
import { browserPackages } from './browser.js';

/** Installs the browser, once, for the tests that need it. Throws where there is none: without it nothing is shown. */
export default async function setup(): Promise<void> {
  await installPackages(browserPackages, progressOnStderr());
}
