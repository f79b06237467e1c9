// SPDX-License-Identifier: Apache-2.0
import { commandSurface } from '../surface/command-surface.js';
import { answerText, directives, type Answer, type Offer } from './answer.js';
import { clusterOptionsOf } from './cluster-options.js';
import { whatIsWanted, type Completion } from './what-is-wanted.js';
import type { Wanted } from './wanted.js';

/** From the start of the process to the answer: longer nobody waits for a name. */
const limitMs = 900;

/** Each word once, and only those that may become of what was typed. */
function fitting(offers: readonly Offer[], start: string, taken: readonly string[] = []): Offer[] {
  const words = new Set<string>(taken);
  return offers.filter(({ word }) => {
    const fits = word.startsWith(start) && !words.has(word);
    words.add(word);
    return fits;
  });
}

function directiveOf({ shell, noSpace }: Wanted, offers: readonly Offer[]): number {
  if (shell === 'files') return 0;
  if (shell === 'folders') return directives.foldersOnly;
  const goesOn = noSpace === true || offers.some(({ word }) => /[/:]$/.test(word));
  return directives.noFiles | (goesOn ? directives.noSpace : 0);
}

async function foundOffers(
  { wanted: { lookup, before = '', after = '' }, lines }: Completion,
  environment: NodeJS.ProcessEnv,
): Promise<Offer[]> {
  if (lookup === undefined) return [];
  const { lookedUp } = await import('./looked-up.js');
  const options = clusterOptionsOf(lines);
  const found = await lookedUp(lookup, options, {
    environment,
    limitMs: () => Math.max(1, limitMs - performance.now()),
  });
  return found.map(({ word, ...rest }) => ({ ...rest, word: before + word + after }));
}

async function answer(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<Answer> {
  const completion = whatIsWanted(argv, commandSurface);
  const { wanted, start } = completion;
  const found = await foundOffers(completion, environment);
  const offers = fitting([...found, ...wanted.offers], start, wanted.taken);
  return { offers, directive: directiveOf(wanted, offers) };
}

/**
 * What may stand in the place of the last of the words behind the plugin's name, as `kubectl_complete-netmachinery` prints it.
 * Never throws, and writes nothing.
 */
export async function completionText(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  return answerText(await answer(argv, environment));
}
