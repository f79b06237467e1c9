// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';

/** `-A` and `-l`, of commands that look through pods for what is ours. */
export function podScopeFlags(helpGroup: string, everywhere: string) {
  return {
    'all-namespaces': Flags.boolean({ char: 'A', helpGroup, exclusive: ['namespace'], summary: everywhere }),
    selector: Flags.string({ char: 'l', helpGroup, helpValue: 'SELECTOR', summary: 'Only pods with these labels' }),
  };
}

/** `--dry-run` of commands that end or remove what is ours. */
export function upkeepDryRunFlag(helpGroup: string) {
  return Flags.string({
    helpGroup,
    options: ['none', 'client', 'server'],
    default: 'none',
    summary: 'Only say what would be done; server: and ask whether it is allowed',
  });
}
