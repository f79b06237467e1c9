// SPDX-License-Identifier: Apache-2.0
import { commandWords } from '../surface/command-id.js';
import { subcommandsOf, type CommandEntry, type Surface } from './command-page.js';

/** Commands that belong together, as kubectl groups its own. */
export interface CommandGroup {
  title: string;
  commands: readonly CommandEntry[];
}

const titles: readonly (readonly [title: string, ids: readonly string[]])[] = [
  ['Test Commands', ['ping', 'connect', 'dns', 'http', 'mtu', 'trace']],
  ['Suite and Report Commands', ['run', 'validate', 'report']],
  ['Shaping Commands', ['shape', 'heal']],
  ['Mesh Commands', ['inject', 'mesh', 'uninject']],
  ['Cluster Check Commands', ['check']],
  ['Permission and Upkeep Commands', ['preflight', 'rbac', 'clean']],
  ['Settings Commands', ['config', 'completion']],
];
/** Whatever stands nowhere else. */
const otherTitle = 'Other Commands';

/** A command of the first level, or those below a word that is no command itself. */
function entries(word: string, surface: Surface): CommandEntry[] {
  const command = surface.get(word);
  if (command === undefined) return subcommandsOf(word, surface);
  return command.hidden ? [] : [{ words: commandWords(command.id), summary: command.summary }];
}

/** All first words of commands, in groups. */
export function commandGroups(surface: Surface): CommandGroup[] {
  const words = [...new Set([...surface.keys()].map((id) => id.replace(/:.*$/, '')))];
  const grouped = new Set(titles.flatMap(([, ids]) => ids));
  const all: typeof titles = [...titles, [otherTitle, words.filter((word) => !grouped.has(word))]];
  return all
    .map(([title, ids]) => ({ title, commands: ids.flatMap((id) => entries(id, surface)) }))
    .filter(({ commands }) => commands.length > 0);
}
