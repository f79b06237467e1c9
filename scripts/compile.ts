// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runProgram } from './release/run-program.js';

/** Bun as npm has installed it: compiles, and is the runtime of what is compiled for this machine. */
export const installedBun = join(createRequire(import.meta.url).resolve('bun/package.json'), '..', 'bin', 'bun.exe');

/** Another machine than this one to compile for. */
export interface CompileTarget {
  /** As Bun names it, such as `bun-darwin-arm64`. */
  name: string;
  /** The Bun executable of that machine, which the program is put into. */
  runtime: string;
}

/**
 * Compiles the Node.js bundle whose first file is `entry` into one executable that needs neither Node.js nor Bun. The same
 * bundle gives the same bytes wherever it lies. Throws when Bun fails.
 */
export async function compileExecutable(entry: string, executable: string, target?: CompileTarget): Promise<void> {
  const os = target?.name ?? (process.platform === 'win32' ? 'bun-windows' : '');
  // Where Bun's executables say that their code lies. Left alone, Bun writes the folder in that this machine has it in.
  const home = os.startsWith('bun-windows') ? 'B:/~BUN/root' : '/$bunfs/root';
  const words = [
    'build',
    '--compile',
    '--minify',
    '--bytecode',
    '--format=cjs',
    `--define=import.meta.url="file://${home.startsWith('/') ? '' : '/'}${home}/kubectl-netmachinery.js"`,
    `--define=__dirname="${home}"`,
    // Whatever lies in the folder that a user happens to be in is neither settings nor code of ours.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    ...(target === undefined ? [] : [`--target=${target.name}`, `--compile-executable-path=${target.runtime}`]),
    entry,
    '--outfile',
    executable,
  ];
  // Bun leaves its temporary file in the working directory when it is killed.
  await runProgram(installedBun, words, dirname(executable));
}
