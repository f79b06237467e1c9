// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../../errors/failure.js';
import { exitCodeOfFailure } from '../../errors/exit-code.js';

type Subcommand = (argv: string[]) => Promise<void>;

/** What can be asked of a prober by executing in its container; each loads on its own. */
const subcommands: Readonly<Record<string, () => Promise<{ run: Subcommand }>>> = {
  metrics: () => import('./metrics.js'),
  peers: () => import('./peers.js'),
  recent: () => import('./recent.js'),
  stop: () => import('./stop.js'),
};

/** `control SUBCOMMAND [ARGUMENT...]`: what it found to stdout, what went wrong to stderr and the exit code. */
export async function run(argv: string[]): Promise<void> {
  try {
    const [name = '', ...rest] = argv;
    const load = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
    if (load === undefined) {
      const known = Object.keys(subcommands).sort().join(', ');
      throw new Failure('usage', `control has no "${name}"`, { hint: `it has ${known}` });
    }
    await (await load()).run(rest);
  } catch (thrown) {
    const failure = asFailure(thrown);
    process.stderr.write(`${[failure.message, ...(failure.hint === undefined ? [] : [failure.hint])].join(': ')}\n`);
    process.exitCode = exitCodeOfFailure(failure);
  }
}
