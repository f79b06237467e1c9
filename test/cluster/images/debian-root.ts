// SPDX-License-Identifier: Apache-2.0
import { runCommand } from '../run-command.js';

const suite = 'bookworm';

/**
 * Mounts that debootstrap makes vanish with its mount namespace, and it ends with us: otherwise a run that is killed
 * half-way leaves a mounted /proc in the folder that the next one deletes.
 */
const contained = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'nice', '-n', '10'];

/** Fills an empty folder with Debian's smallest system and the given packages. Needs root. */
export async function bootstrapDebian(rootDirectory: string, packages: readonly string[]): Promise<void> {
  const include = packages.length === 0 ? [] : [`--include=${packages.join(',')}`];
  const bootstrap = ['debootstrap', '--variant=minbase', ...include, suite, rootDirectory];
  await runCommand('setpriv', [...contained, ...bootstrap, ...(await configuredMirror())]);
}

/** Where apt on this machine gets the suite from, or nothing, which leaves it to debootstrap. */
async function configuredMirror(): Promise<string[]> {
  const targets = await runCommand('apt-get', ['indextargets', '--format=$(RELEASE) $(SITE)', 'Created-By: Packages']);
  const line = targets.split('\n').find((target) => target.startsWith(`${suite} `));
  return line === undefined ? [] : [line.slice(suite.length + 1)];
}
