// SPDX-License-Identifier: Apache-2.0
import { commandSurface } from '../surface/command-surface.js';
import { flagColumn, flagLines } from './flag-lines.js';
import { flagText, kubectlFlags, type FlagText } from './flag-text.js';
import { indent, wrap } from './wrap.js';

/** All of kubectl's flags that commands take, in the order of the first command that has them. */
export function sharedFlags(): FlagText[] {
  const flags = [...commandSurface.values()].flatMap(kubectlFlags);
  return [...new Map(flags.map((flag) => [flag.name, flagText(flag)])).values()];
}

/** What `options` prints. */
export function optionsText(width: number): string {
  const flags = sharedFlags();
  const lines = [
    ...wrap('The following options can be passed to any command that asks the cluster:', width),
    '',
    ...indent(flagLines(flags, flagColumn(flags, width), width)),
  ];
  return `${lines.join('\n')}\n`;
}
