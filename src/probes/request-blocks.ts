// SPDX-License-Identifier: Apache-2.0
import blocksProgram from './remote/blocks.sh';
import type { RemoteCommand } from './probe.js';
import { compactScript } from './remote-script.js';

/** Blocks that a pod works on at once: a process of dig or curl takes up to 14 MB, and small pods have to bear it. */
export const blocksAtOnce = 16;

/** Tests as blocks of lines, as many as are worked on at once; each is done one after another. */
export function blocksOf(tests: readonly (readonly string[])[]): string[] {
  const blocks: string[] = Array.from({ length: Math.min(blocksAtOnce, tests.length) }, () => '');
  for (const [number, lines] of tests.entries()) {
    const place = number % blocksAtOnce;
    blocks[place] = (blocks[place] ?? '') + lines.map((line) => `${line}\n`).join('');
  }
  return blocks;
}

/**
 * The command of a script that works on blocks (remote/blocks.sh): with a leash they are its input, else arguments after its
 * own. No line of a block may be empty.
 */
export function blocksCommand(
  script: { name: string; text: string; arguments: readonly string[] },
  blocks: readonly string[],
  { leash, limitMs }: { leash: boolean; limitMs: number },
): RemoteCommand {
  const argv = ['sh', '-c', compactScript(blocksProgram + script.text), script.name, leash ? 'yes' : 'no'];
  argv.push(...script.arguments);
  if (!leash) return { argv: [...argv, ...blocks], limitMs };
  return { argv, limitMs, input: `${blocks.map((block) => `${block}\n`).join('')}.\n` };
}
