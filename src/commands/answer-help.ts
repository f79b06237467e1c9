// SPDX-License-Identifier: Apache-2.0
import type { AskedHelp } from '../help/asked-help.js';
import { helpText } from '../help/help-text.js';
import { helpWidth } from '../help/help-width.js';
import { usageFailure } from './usage-failure.js';

/** Prints the help that was asked for. Throws Failure `usage` where it is that of no command. */
export function answerHelp(asked: AskedHelp): void {
  if (asked.of === 'nothing') throw usageFailure(`command ${asked.words.join(':')} not found`, asked.words);
  process.stdout.write(helpText(asked, helpWidth(process.stdout)));
}
