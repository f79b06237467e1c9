// SPDX-License-Identifier: Apache-2.0
import { installHelper, removeHelper, type HelperOutcome } from '../completion/helper-file.js';

const sentences: Record<HelperOutcome['done'], (path: string) => string> = {
  installed: (path) => `${path} installed`,
  updated: (path) => `${path} updated`,
  'there already': (path) => `${path} unchanged`,
  'came with the release': (path) => `${path} unchanged: it came with the release`,
  removed: (path) => `${path} removed`,
  'not there': (path) => `${path} is not there: nothing to remove`,
};

/** `completion install`: says what was done on stdout, and on stderr what else it takes. Throws Failure. */
export function completionInstallCommand({ dir, force }: { dir?: string | undefined; force: boolean }): void {
  const { path, done, hiddenBy } = installHelper({ folder: dir, force, environment: process.env });
  process.stdout.write(`${sentences[done](path)}\n`);
  if (hiddenBy !== undefined) process.stderr.write(`Warning: kubectl runs ${hiddenBy}, which is before it on PATH\n`);
  process.stderr.write("Note: kubectl's own completion has to be on: kubectl completion --help says how\n");
}

/** `completion uninstall`: says what was done. Throws Failure. */
export function completionUninstallCommand({ dir }: { dir?: string | undefined }): void {
  const { path, done } = removeHelper({ folder: dir, environment: process.env });
  process.stdout.write(`${sentences[done](path)}\n`);
}
